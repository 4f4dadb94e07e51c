"""Requests for D1, answered. Shapes: the official `cloudflare` package 5.9.0, `types/d1`."""

import base64
import sys
from typing import Any

from localcloud.cloudflare.d1.exceptions import InvalidRequestError, NotServedError
from localcloud.cloudflare.d1.models import Database, Databases
from localcloud.cloudflare.envelope import page, success
from localcloud.cloudflare.router import Call
from localcloud.http import Response

_LARGEST = sys.float_info.max


class D1Responses:
    """One method a URL; `urls` has the list."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    async def list_databases(self, call: Call) -> Response:
        return page([_listed(database) for database in self._databases.all(call.query.get("name", ""))], call.query)

    async def create_database(self, call: Call) -> Response:
        body = call.json_object()
        options = (body.get(key) for key in ("name", "primary_location_hint", "jurisdiction", "read_replication"))
        return success(await self._whole(await self._databases.create(*options)))

    async def get_database(self, call: Call) -> Response:
        return success(await self._whole(self._databases.get(call.parameters["database"])))

    async def update_database(self, call: Call) -> Response:
        replication = call.json_object().get("read_replication")
        return success(await self._whole(self._databases.update(call.parameters["database"], replication)))

    async def delete_database(self, call: Call) -> Response:
        await self._databases.delete(call.parameters["database"])
        return success(None)

    async def query(self, call: Call) -> Response:
        """Each row as an object."""
        outcomes = await self._databases.query(call.parameters["database"], _queries(call.json_object()))
        return success(
            [
                _result(outcome, [dict(zip(outcome["columns"], row, strict=True)) for row in outcome["rows"]])
                for outcome in outcomes
            ]
        )

    async def raw(self, call: Call) -> Response:
        """Each row as a list, beside the names of the columns."""
        outcomes = await self._databases.query(call.parameters["database"], _queries(call.json_object()))
        return success(
            [_result(outcome, {name: outcome[name] for name in ("columns", "rows")}) for outcome in outcomes]
        )

    async def refuse_import(self, _: Call) -> Response:
        raise NotServedError("import of a database (use query)")

    async def refuse_export(self, _: Call) -> Response:
        raise NotServedError("export of a database (use query)")

    async def refuse_time_travel(self, _: Call) -> Response:
        raise NotServedError("time travel")

    async def _whole(self, database: Database) -> dict[str, Any]:
        found = await self._databases.describe(database.uuid)
        return _listed(database) | {
            "num_tables": found["tables"],
            "file_size": found["size"],
            "running_in_region": "WEUR",
            "read_replication": {"mode": database.read_replication},
        }


def _listed(database: Database) -> dict[str, Any]:
    return {
        "uuid": database.uuid,
        "name": database.name,
        "version": "production",
        "created_at": database.created_at,
        "jurisdiction": database.jurisdiction,
    }


def _result(outcome: dict[str, Any], results: object) -> dict[str, Any]:
    return {"results": results, "success": True, "meta": outcome["meta"]}


def _queries(body: dict[str, Any]) -> list[dict[str, Any]]:
    """`{sql, params}`, or several of them in `batch`. Raises InvalidRequestError."""
    batch = body.get("batch", [body])
    if not isinstance(batch, list) or not batch:
        raise InvalidRequestError("batch must be a list of queries")
    return [_query(query) for query in batch]


def _query(query: object) -> dict[str, Any]:
    if not isinstance(query, dict) or not isinstance(query.get("sql"), str):
        raise InvalidRequestError("a query must have its statement in `sql`, a string")
    params = query.get("params")
    if not isinstance(params, list | None):
        raise InvalidRequestError("params must be a list of values")
    return {"sql": query["sql"], "params": [_param(param, number) for number, param in enumerate(params or [])]}


def _param(value: object, number: int) -> object:
    """A string, a number or null; true and false are 1 and 0, a list is a blob's bytes."""
    match value:
        case bool():
            return int(value)
        case str() | None:
            return value
        case int() | float() if abs(value) <= _LARGEST:  # no NaN, no Infinity
            return value
        case list() if all(isinstance(byte, int) and 0 <= byte <= 255 for byte in value):
            return {"$bytes": base64.b64encode(bytes(value)).decode()}
        case _:
            raise InvalidRequestError(f"params[{number}] must be a string, a number, null or a list of bytes")
