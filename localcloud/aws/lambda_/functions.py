"""Functions and their versions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

from localcloud.aws.lambda_ import configuration
from localcloud.aws.lambda_.arns import Reference, parse
from localcloud.aws.lambda_.errors import conflict, invalid, missing, stale_revision
from localcloud.aws.lambda_.execution import Execution
from localcloud.aws.lambda_.packages import Package, Packages
from localcloud.aws.lambda_.store import Document, Store
from localcloud.aws.lambda_.zygote import SnapshotFailed
from localcloud.aws.ports import Identity

_log = logging.getLogger(__name__)
_OURS = ("Tags", "Reserved", "Described")  # of the stored document, not of a FunctionConfiguration
_FRESH = ("State", "StateReason", "StateReasonCode", "LastUpdateStatus", "LastUpdateStatusReason", "RevisionId")
_CONCURRENCY = 1000


class Functions:
    """The function and version operations."""

    def __init__(  # noqa: PLR0917 - parts, once
        self, store: Store, packages: Packages, identity: Identity, execution: Execution, region: str, account: str
    ) -> None:
        self._store = store
        self._packages = packages
        self._identity = identity
        self._execution = execution
        self._prefix = f"arn:aws:lambda:{region}:{account}:function:"
        self._region = region
        self._tasks: set[asyncio.Task[None]] = set()

    def resume(self) -> None:
        """Finishes what a killed service had begun."""
        for kind in ("function", "version"):
            for _, _, document in self._store.all(kind):
                if document["State"] == "Pending" or document.get("LastUpdateStatus") == "InProgress":
                    self._prepare(document)

    async def close(self) -> None:
        """Stops what is being prepared."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def document(self, name: str, version: str = "$LATEST") -> Document:
        """A stored function or version."""
        found = self._store.get("function", name) if version == "$LATEST" else self._store.get("version", name, version)
        if found is None:
            raise missing(f"Function not found: {self._prefix}{name}" + ("" if version == "$LATEST" else f":{version}"))
        return found

    def configuration(self, reference: Reference) -> Document:
        """GetFunctionConfiguration."""
        document = self._resolve(reference)
        shown = _shown(document)
        if reference.qualifier:
            shown["FunctionArn"] = f"{self._prefix}{reference.name}:{reference.qualifier}"
        return shown

    def get(self, reference: Reference) -> dict[str, Any]:
        """GetFunction."""
        shown = self.configuration(reference)
        function = self.document(reference.name)
        location = self._packages.zip(shown["CodeSha256"]).resolve().as_uri()
        answer: dict[str, Any] = {"Configuration": shown, "Code": {"RepositoryType": "S3", "Location": location}}
        if function.get("Tags"):
            answer["Tags"] = function["Tags"]
        if function.get("Reserved") is not None:
            answer["Concurrency"] = {"ReservedConcurrentExecutions": function["Reserved"]}
        return answer

    async def create(self, params: dict[str, Any]) -> Document:
        """CreateFunction."""
        name = parse(params["FunctionName"]).name
        document = configuration.defaults(name)
        configuration.apply(document, params)
        if self._store.get("function", name) is not None:
            raise conflict(f"Function already exist: {name}")
        self._trusted(document)
        package = await self._package(params["Code"])
        if self._store.get("function", name) is not None:
            raise conflict(f"Function already exist: {name}")
        arn = f"{self._prefix}{name}"
        runtime_arn = f"arn:aws:lambda:{self._region}::runtime:local"
        document |= {"FunctionName": name, "FunctionArn": arn, "Version": "$LATEST", "Tags": params.get("Tags", {})}
        document |= {"RuntimeVersionConfig": {"RuntimeVersionArn": runtime_arn}}
        document |= {"State": "Pending", "StateReason": "The function is being created.", "StateReasonCode": "Creating"}
        self._changed(document, package)
        self._store.put("function", name, "", document)
        self._prepare(document)
        return self.publish({"FunctionName": name}) if params.get("Publish") else _shown(document)

    async def update_code(self, params: dict[str, Any]) -> Document:
        """UpdateFunctionCode."""
        name = parse(params["FunctionName"]).name
        self._editable(self.document(name), params)
        package = await self._package(params)
        document = self.document(name)
        self._editable(document, params)
        if params.get("Architectures"):
            document["Architectures"] = params["Architectures"]
        if params.get("DryRun"):
            return _shown(document | {"CodeSha256": package.sha256, "CodeSize": package.size})
        return self._update(name, document, package, publish=bool(params.get("Publish")))

    async def update_configuration(self, params: dict[str, Any]) -> Document:
        """UpdateFunctionConfiguration."""
        name = parse(params["FunctionName"]).name
        document = self.document(name)
        self._editable(document, params)
        configuration.apply(document, params)
        if "Role" in params:
            self._trusted(document)
        return self._update(name, document, None, publish=False)

    def publish(self, params: dict[str, Any]) -> Document:
        """PublishVersion; the latest version again where nothing has changed since."""
        name = parse(params["FunctionName"]).name
        function = self.document(name)
        if params.get("RevisionId") not in (None, function["RevisionId"]):
            raise stale_revision()
        if params.get("CodeSha256") not in (None, function["CodeSha256"]):
            text = f"CodeSHA256 ({params['CodeSha256']}) is different from current CodeSHA256 in $LATEST"
            raise invalid(f"{text} ({function['CodeSha256']}). Please try again with the CodeSHA256 in $LATEST.")
        counter = self._store.get("counter", name) or {"last": 0}
        last = self._store.get("version", name, str(counter["last"]))
        if last is not None and _essence(last) == _essence(function):
            return _shown(last)
        version = str(counter["last"] + 1)
        document = {key: value for key, value in function.items() if key not in (*_OURS, *_FRESH)}
        document |= {"Version": version, "FunctionArn": f"{self._prefix}{name}:{version}", "State": "Pending"}
        document |= {"StateReason": "The function is being created.", "StateReasonCode": "Creating"}
        document |= {"LastUpdateStatus": "Successful", "RevisionId": str(uuid4())}
        document["Described"] = function["Description"]
        if params.get("Description"):
            document["Description"] = params["Description"]
        if document["SnapStart"]["ApplyOn"] != "None":
            document["SnapStart"] = document["SnapStart"] | {"OptimizationStatus": "On"}
        self._store.put("counter", name, "", {"last": counter["last"] + 1})
        self._store.put("version", name, version, document)
        self._prepare(document)
        return _shown(document)

    def versions(self, name: str) -> list[Document]:
        """ListVersionsByFunction."""
        published = [document for _, _, document in self._store.all("version", name)]
        return [
            _shown(found) for found in (self.document(name), *sorted(published, key=lambda one: int(one["Version"])))
        ]

    def list(self, *, every: bool) -> list[Document]:
        """ListFunctions."""
        names = [name for name, _, _ in self._store.all("function")]
        found = [
            document for name in names for document in (self.versions(name) if every else [_shown(self.document(name))])
        ]
        return [{key: value for key, value in one.items() if key not in _FRESH or key == "RevisionId"} for one in found]

    def delete(self, reference: Reference) -> None:
        """DeleteFunction, or one version of it."""
        name, qualifier = reference.name, reference.qualifier
        self.document(name)
        if qualifier == "$LATEST":
            raise invalid("$LATEST version cannot be deleted without deleting the function.")
        if qualifier is None:
            versions = [version for _, version, _ in self._store.all("version", name)]
            self._store.delete_function(name)
            for version in ("$LATEST", *versions):
                self._execution.retire(name, version)
            return
        if not qualifier.isdigit():
            raise invalid("Deletion of aliases is not currently supported.")
        users = [key for _, key, alias in self._store.all("alias", name) if _uses(alias, qualifier)]
        if users:
            raise conflict(
                f"Version {qualifier} is referenced by the alias {users[0]}. Delete or move the alias first."
            )
        self._store.delete("version", name, qualifier)
        self._store.delete("policy", name, qualifier)
        self._execution.retire(name, qualifier)

    def reserve(self, name: str, count: int | None) -> None:
        """Put- and DeleteFunctionConcurrency."""
        document = self.document(name)
        others = sum(found.get("Reserved") or 0 for other, _, found in self._store.all("function") if other != name)
        if count is not None and count + others > _CONCURRENCY - 100:
            text = "Specified ReservedConcurrentExecutions for function decreases account's "
            raise invalid(text + "UnreservedConcurrentExecution below its minimum value of [100].")
        document["Reserved"] = count
        self._store.put("function", name, "", document)
        self._execution.forget(name)

    def tag(self, name: str, added: dict[str, str], removed: Iterable[str]) -> None:
        """TagResource and UntagResource."""
        document = self.document(name)
        gone = set(removed)
        document["Tags"] = {key: value for key, value in (document.get("Tags", {}) | added).items() if key not in gone}
        self._store.put("function", name, "", document)

    def account_settings(self) -> dict[str, Any]:
        """GetAccountSettings."""
        functions = [document for _, _, document in self._store.all("function")]
        reserved = sum(found.get("Reserved") or 0 for found in functions)
        limit = {
            "TotalCodeSize": 80530636800,
            "CodeSizeUnzipped": 262144000,
            "CodeSizeZipped": 52428800,
            "ConcurrentExecutions": _CONCURRENCY,
            "UnreservedConcurrentExecutions": _CONCURRENCY - reserved,
        }
        size = sum(found["CodeSize"] for found in functions)
        return {"AccountLimit": limit, "AccountUsage": {"TotalCodeSize": size, "FunctionCount": len(functions)}}

    def _resolve(self, reference: Reference) -> Document:
        qualifier = reference.qualifier or "$LATEST"
        alias = self._store.get("alias", reference.name, qualifier)
        return self.document(reference.name, alias["FunctionVersion"] if alias is not None else qualifier)

    def _trusted(self, document: Document) -> None:
        if not self._identity.role_trusts(document["Role"], "lambda.amazonaws.com"):
            raise invalid("The role defined for the function cannot be assumed by Lambda.")

    async def _package(self, code: dict[str, Any]) -> Package:
        if code.get("ZipFile") is None:
            raise invalid("The local Lambda takes code as ZipFile. S3 and images are not implemented.")
        return await asyncio.to_thread(self._packages.add, code["ZipFile"])

    def _editable(self, document: Document, params: dict[str, Any]) -> None:
        if params.get("RevisionId") not in (None, document["RevisionId"]):
            raise stale_revision()
        if document["State"] == "Pending" or document["LastUpdateStatus"] == "InProgress":
            text = "The operation cannot be performed at this time. An update is in progress for resource: "
            raise conflict(text + document["FunctionArn"])

    def _update(self, name: str, document: Document, package: Package | None, *, publish: bool) -> Document:
        self._changed(document, package)
        self._store.put("function", name, "", document)
        self._prepare(document)
        return self.publish({"FunctionName": name}) if publish else _shown(document)

    def _changed(self, document: Document, package: Package | None) -> None:
        if package is not None:
            document |= {"CodeSha256": package.sha256, "CodeSize": package.size}
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
        document |= {"LastModified": now, "RevisionId": str(uuid4()), "LastUpdateStatus": "InProgress"}

    def _prepare(self, document: Document) -> None:
        task = asyncio.get_running_loop().create_task(
            self._prepare_version(document["FunctionName"], document["Version"])
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _prepare_version(self, name: str, version: str) -> None:
        document = self.document(name, version)
        reason = None
        try:
            await self._execution.prepare(document)
        except SnapshotFailed as failed:
            reason = ("FunctionError", _text(failed.body))
        except OSError as failed:
            reason = ("InternalError", f"The package could not be unpacked: {failed.strerror or failed}")
        except Exception:  # noqa: BLE001 - a version must not stay Pending for ever
            _log.exception("%s:%s could not be prepared", name, version)
            reason = ("InternalError", "The function could not be prepared; the log of the local AWS has the cause.")
        kind = "function" if version == "$LATEST" else "version"
        latest = self._store.get(kind, name, "" if kind == "function" else version)  # type: ignore[arg-type]
        if latest is None or latest["RevisionId"] != document["RevisionId"]:
            return
        for key in ("StateReason", "StateReasonCode", "LastUpdateStatusReason"):
            latest.pop(key, None)
        latest |= {"State": "Active", "LastUpdateStatus": "Successful"}
        if reason is not None:
            latest |= {"State": "Failed", "StateReasonCode": reason[0], "StateReason": reason[1]}
        self._store.put(kind, name, "" if kind == "function" else version, latest)  # type: ignore[arg-type]
        if version == "$LATEST":
            self._execution.retire(name, version)


def _shown(document: Document) -> Document:
    return {key: value for key, value in document.items() if key not in _OURS}


def _essence(document: Document) -> Document:
    """What makes a version different from another. The function's own description does, though not the one that a
    version is given when it is published: alexcasalboni/aws-lambda-power-tuning forces versions so (lambda/utils.js).
    """
    varying = (*_OURS, *_FRESH, "Version", "FunctionArn", "LastModified", "Description", "SnapStart")
    return {key: value for key, value in document.items() if key not in varying} | {
        "snap": document["SnapStart"]["ApplyOn"],
        "described": document.get("Described", document["Description"]),
    }


def _uses(alias: Document, version: str) -> bool:
    return version == alias["FunctionVersion"] or version in alias.get("RoutingConfig", {}).get(
        "AdditionalVersionWeights", {}
    )


def _text(body: bytes) -> str:
    try:
        document = orjson.loads(body)
        return f"{document['errorType']}: {document['errorMessage']}"
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "The function could not be initialised."
