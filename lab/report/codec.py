"""Report as JSON and back, and the schema that says what the JSON holds.

Keys that the types do not have are refused, so that a misspelt one never passes for a missing part. Within one schema
version a field may be added with a default; anything else is a new version.
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from lab.errors import InvalidResultsError
from lab.report.model import SCHEMA, Report

SCHEMA_ID: Final = "https://parallax.invalid/report.schema.json"
_SHOWN_ERRORS: Final = 5


def to_json(report: Report) -> str:
    """UTF-8 JSON text with a line break at its end. Raises InvalidResultsError where a figure is not finite."""
    content = _adapter().dump_python(report, mode="json")
    try:
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
    except ValueError as error:
        where = ", ".join(_not_finite(content, "report"))
        raise InvalidResultsError(f"{where}: no finite number, which a report cannot hold") from error


def from_json(text: bytes, where: str) -> Report:
    """What `to_json` wrote; `where` is how errors name it. Raises InvalidResultsError."""
    _check_version(text, where)
    try:
        return _adapter().validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        raise InvalidResultsError(f"{where} is damaged or was edited: {_said(error)}") from error


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `report.json`."""
    made = _adapter().json_schema(mode="serialization", schema_generator=_Closed)
    return {"$schema": GenerateJsonSchema.schema_dialect, "$id": SCHEMA_ID, **made}


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


class _Closed(GenerateJsonSchema):
    """Says of each object that it has no other keys, as `from_json` holds."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return {**super().dataclass_schema(schema), "additionalProperties": False}


def _check_version(text: bytes, where: str) -> None:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InvalidResultsError(
            f"{where} is no JSON ({error}): cut off, or another file; run the comparison again"
        ) from error
    version = found.get("schema") if isinstance(found, dict) else None
    if version != SCHEMA:
        raise InvalidResultsError(
            f"{where} says schema {version!r}; this lab reads {SCHEMA!r}: take the lab that wrote it, or run the "
            "comparison again"
        )


def _said(error: ValidationError) -> str:
    errors = error.errors(include_url=False, include_context=False)
    said = [f"{'.'.join(str(step) for step in each['loc'])}: {each['msg']}" for each in errors[:_SHOWN_ERRORS]]
    more = f"; and {len(errors) - _SHOWN_ERRORS} more" if len(errors) > _SHOWN_ERRORS else ""
    return "; ".join(said) + more


def _not_finite(content: Any, place: str) -> list[str]:
    match content:
        case dict():
            return [name for key, value in content.items() for name in _not_finite(value, f"{place}.{key}")]
        case list():
            return [name for index, value in enumerate(content) for name in _not_finite(value, f"{place}[{index}]")]
        case float() if not math.isfinite(content):
            return [place]
    return []
