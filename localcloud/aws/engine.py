"""moto in process, for the AWS services that are not ours, made durable by a journal.

moto keeps all in memory. Its ids come from one seedable generator (`moto.moto_api._internal.mock_random`) and its dates
from `moto.core.utils.utcnow`; with both set from the journal, a replay gives back the very same roles and ids.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import random
import re
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, unquote_to_bytes

import orjson

from localcloud.aws.access.roles import RoleDocuments
from localcloud.aws.journal import Entry, Journal
from localcloud.http import Request, Response, json_response

_log = logging.getLogger(__name__)
_READS = ("Get", "List", "Describe", "Simulate", "Lookup", "BatchGet", "Search", "Test", "Query", "Scan", "Assume")
_FORMER = ("secretsmanager", "kms")  # services of ours now; what moto once kept of them has secrets in plain
_SECRET = re.compile(r"(Signature=)[0-9a-fA-F]+")
_KEPT_HEADERS = frozenset({"authorization", "content-type", "host", "x-amz-target", "x-amz-date"})


class Engine:
    """Loads in the background; calls run one after the other in a thread of their own. Implements Identity."""

    def __init__(self, data: Path, account: str) -> None:
        self._journal = Journal(data / "engine.sqlite3")
        self._account = account
        self._thread = ThreadPoolExecutor(1, "moto")
        self._application: Callable[..., Any] | None = None
        self._random: random.Random = random.Random()  # noqa: S311 - until moto's own is there
        self._moment: float | None = None
        self.state: Literal["loading", "ready", "failed"] = "loading"
        self.replayed = 0
        self.revision = 0  # of IAM
        self._loaded: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Begins to load; returns at once."""
        self._loaded = asyncio.get_running_loop().run_in_executor(self._thread, self._load)

    async def ready(self) -> None:
        """Waits until the emulator and its state are there. Raises what loading raised."""
        assert self._loaded is not None
        await asyncio.shield(self._loaded)

    async def close(self) -> None:
        """Ends the thread and closes the journal."""
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)
        self._journal.close()

    async def handle(self, request: Request) -> Response:
        """Passes a call to moto. A mutating call that moto accepted is on disk before its answer leaves."""
        if re.sub("^/+", "/", unquote(request.path)).startswith(("/moto-api", "/latest/", "/favicon.ico")):
            return json_response(404, {"message": "Not Found"})
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._handle, request)

    @property
    def known(self) -> bool:
        """Whether `ready` would return, or raise, at once."""
        return self.state != "loading"

    def role_documents(self, role_arn: str) -> RoleDocuments | None:
        """The policies of a role, or None where there is no such role. Call after `ready`."""
        from moto.backends import get_backend  # noqa: PLC0415 - loads in the background

        backend = get_backend("iam")[self._account]["aws"]
        role = next((role for role in list(backend.roles.values()) if role.arn == role_arn), None)
        if role is None:
            return None
        documents = [*list(role.policies.values()), *map(_default, list(role.managed_policies.values()))]
        boundary = role.permissions_boundary_arn
        if not boundary:
            return RoleDocuments(role.id, documents)
        found = backend.managed_policies.get(boundary)
        return RoleDocuments(role.id, documents, _default(found) if found is not None else {})

    def role_trusts(self, role_arn: str, service: str) -> bool:
        """Whether the role exists and lets that service assume it. Call after `ready`."""
        from moto.backends import get_backend  # noqa: PLC0415 - loads in the background

        backend = get_backend("iam")[self._account]["aws"]
        role = next((role for role in backend.roles.values() if role.arn == role_arn), None)
        if role is None:
            return False
        document = role.assume_role_policy_document
        return _trusts(orjson.loads(document) if isinstance(document, str) else document, service)

    def _load(self) -> None:
        os.environ |= {
            "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
            "MOTO_DISABLE_GLOBAL_CORS": "true",
            "MOTO_ALLOW_NONEXISTENT_REGION": "true",
        }
        try:
            import moto.core.utils  # noqa: PLC0415 - a second of imports that nobody waits for

            moto.core.utils.utcnow = self._utcnow  # before any service's module takes its own reference
            from moto.moto_api._internal import mock_random  # noqa: PLC0415
            from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: PLC0415

            self._random = mock_random
            self._application = DomainDispatcherApplication(create_backend_app)
            for service in _FORMER:
                self._journal.drop(service)
            for entry in self._journal.entries():
                request = Request(entry.method, entry.path, entry.query, list(entry.headers), entry.body, "")
                self._call(request, entry.seed, entry.moment)
                self.replayed += 1
        except BaseException:
            self.state = "failed"
            _log.exception("the emulator did not load")
            raise
        self.state = "ready"

    def _handle(self, request: Request) -> Response:
        if self._application is None:
            return json_response(503, {"message": "The emulator did not load; see the log of the local AWS."})
        seed, moment = secrets.randbits(62), time.time()
        response = self._call(request, seed, moment)
        if response.status < 400 and _mutates(request):
            kept = tuple((name, _SECRET.sub(r"\1-", value)) for name, value in request.headers if name in _KEPT_HEADERS)
            self._journal.append(Entry(moment, seed, request.method, request.path, request.query, kept, request.body))
            if "/iam/aws4_request" in (request.header("authorization") or request.query):
                self.revision += 1
        return response

    def _call(self, request: Request, seed: int, moment: float) -> Response:
        assert self._application is not None
        self._random.seed(seed)
        self._moment = moment
        status, headers = "500 ", list[tuple[str, str]]()

        def start_response(line: str, found: list[tuple[str, str]], _: Any = None) -> None:
            nonlocal status, headers
            status, headers = line, found

        try:
            parts = self._application(_environ(request), start_response)
            body = b"".join(parts)
        except Exception:  # noqa: BLE001 - moto runs its applications in debug mode, where all escapes
            _log.exception("moto failed on %s %s", request.method, request.path)
            return json_response(500, {"message": "The emulator failed on this call; see the log of the local AWS."})
        finally:
            self._moment = None
        lower = [(name.lower(), value) for name, value in headers]
        return Response(int(status.split(" ", 1)[0]), lower, body)

    def _utcnow(self) -> datetime:
        moment = self._moment if self._moment is not None else time.time()
        return datetime.fromtimestamp(moment, UTC).replace(tzinfo=None)


def _default(policy: Any) -> str:
    """The document of a managed policy's default version."""
    return next((str(one.document) for one in policy.versions if one.version_id == policy.default_version_id), "")


def _mutates(request: Request) -> bool:
    target = request.header("x-amz-target")
    if target is not None:
        return not target.rpartition(".")[2].startswith(_READS)
    if request.method == "POST" and (request.header("content-type") or "").startswith("application/x-www-form"):
        actions = parse_qs(request.body.decode("latin-1")).get("Action", [""])
        return not actions[0].startswith(_READS)
    return request.method not in ("GET", "HEAD", "OPTIONS")


def _environ(request: Request) -> dict[str, Any]:
    host = request.header("host") or "localhost"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "RAW_URI": request.path + (f"?{request.query}" if request.query else ""),
        "QUERY_STRING": request.query,
        "SERVER_NAME": host.rpartition(":")[0] or host,
        "SERVER_PORT": host.rpartition(":")[2] if ":" in host else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.client or "127.0.0.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ["REQUEST_URI"] = environ["RAW_URI"]
    for name, value in request.headers:
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name not in ("content-length", "transfer-encoding", "connection", "expect"):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ


def _trusts(document: dict[str, Any], service: str) -> bool:
    statements = document.get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        named = principal.get("Service", []) if isinstance(principal, dict) else []
        actions = statement.get("Action", [])
        services = [named] if isinstance(named, str) else named
        allowed = [actions] if isinstance(actions, str) else actions
        if (
            statement.get("Effect") == "Allow"
            and service in services
            and {"sts:AssumeRole", "sts:*", "*"} & set(allowed)
        ):
            return True
    return False
