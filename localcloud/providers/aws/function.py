"""aws:lambda/function:Function."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Final

from localcloud.providers.aws.client import MARK, Aws
from localcloud.providers.aws.function_shape import CLEARED, CODE, CONFIGURATION, INPUTS
from localcloud.providers.aws.function_wait import settled
from localcloud.providers.aws.half_made import existing
from localcloud.providers.aws.leftovers import create_over_leftover
from localcloud.providers.aws.shape import from_api, to_api
from localcloud.providers.protocol.archive import zipped
from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.naming import AutoName
from localcloud.providers.protocol.resource import Actual, Resource
from localcloud.providers.protocol.schema import Failure

_VERSIONED: Final = frozenset({"version", "qualifiedArn", "qualifiedInvokeArn"})
_CODE_SOURCES: Final = ("code", "imageUri", "s3Bucket")


class Function(Resource[Aws]):
    """A Lambda function; with `publish`, each change of code or configuration makes a version."""

    pulumi_type = "aws:lambda/function:Function"
    inputs: ClassVar = INPUTS
    outputs = (
        "arn", "codeSha256", "invokeArn", "lastModified", "qualifiedArn", "qualifiedInvokeArn", "region",
        "responseStreamingInvokeArn", "sourceCodeSize", "tagsAll", "version",
    )  # fmt: skip
    stables = ("arn", "invokeArn", "name", "region", "responseStreamingInvokeArn")
    name = AutoName(limit=64)

    def check(self, inputs: Mapping[str, Any]) -> list[Failure]:
        given = [source for source in _CODE_SOURCES if inputs.get(source) is not None]
        if len(given) == 1:
            return []
        found = f"and {' and '.join(given)} are given" if given else "and none is given"
        return [Failure("code", f"exactly one of {', '.join(_CODE_SOURCES)} must be given, {found}")]

    def foresee(self, client: Aws, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"region": inputs.get("region", client.region), "tagsAll": client.tags(inputs)}

    def volatile(self, changed: Set[str], inputs: Mapping[str, Any]) -> Set[str]:
        touched = changed & {*CODE, *CONFIGURATION}
        versioned = _VERSIONED if inputs.get("publish") and (touched or "publish" in changed) else frozenset()
        return {
            *versioned,
            *({"lastModified"} if touched else ()),
            *({"codeSha256", "sourceCodeSize"} & _code(changed)),
        }

    def create(self, client: Aws, inputs: Mapping[str, Any], identity: Identity) -> str:
        name, region = inputs["name"], inputs.get("region")

        def make() -> None:
            client.call(
                "lambda",
                "CreateFunction",
                region,
                FunctionName=name,
                PackageType=inputs["packageType"],
                Architectures=inputs.get("architectures"),
                Code=_source(inputs),
                Publish=False,
                Tags=client.marked_tags(inputs, identity),
                **to_api(inputs, INPUTS, CONFIGURATION),
            )

        def is_leftover() -> bool:
            tags: dict[str, str] = client.call("lambda", "GetFunction", region, FunctionName=name).get("Tags", {})
            return tags.get(MARK) == identity.mark

        create_over_leftover(
            make, is_leftover, lambda: client.discard("lambda", "DeleteFunction", region=region, FunctionName=name)
        )
        with existing(name, inputs):
            settled(client, name, region)
            if inputs["reservedConcurrentExecutions"] >= 0:
                _reserve(client, name, inputs)
            if inputs.get("publish"):
                _publish(client, name, region)
        return str(name)

    def read(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> Actual | None:
        region = known.get("region")
        answer = client.find("lambda", "GetFunction", region=region, FunctionName=resource_id)
        if answer is None:
            return None
        now, tags = answer["Configuration"], answer.get("Tags") or {}
        versions = _versions(client, resource_id, region)
        published = bool(known.get("publish")) if known else len(versions) > 0
        version = versions[-1] if published and versions else "$LATEST"
        plain = str(now["FunctionArn"])
        layers = {"Layers": [layer["Arn"] for layer in now.get("Layers", [])]}
        inputs = {
            **from_api({**now, **layers}, INPUTS, CONFIGURATION),
            "architectures": now.get("Architectures"),
            "imageUri": answer.get("Code", {}).get("ImageUri"),
            "name": now["FunctionName"],
            "packageType": now.get("PackageType", "Zip"),
            "publish": published or None,
            "reservedConcurrentExecutions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
            "tags": client.own_tags(tags),
        }
        if known.get("sourceCodeHash") and known.get("codeSha256") not in {None, now["CodeSha256"]}:
            inputs["sourceCodeHash"] = now["CodeSha256"]
        region = region or client.region
        return Actual(
            now["FunctionName"],
            inputs,
            {
                "arn": plain,
                "codeSha256": now["CodeSha256"],
                "invokeArn": invoke_arn(region, plain),
                "lastModified": now["LastModified"],
                "qualifiedArn": f"{plain}:{version}",
                "qualifiedInvokeArn": invoke_arn(region, f"{plain}:{version}"),
                "region": region,
                "responseStreamingInvokeArn": (
                    f"arn:aws:apigateway:{region}:lambda:path/2021-11-15/functions/{plain}/response-streaming-invocations"
                ),
                "sourceCodeSize": now["CodeSize"],
                "tagsAll": {key: value for key, value in tags.items() if key != MARK},
                "version": version,
            },
        )

    def update(
        self, client: Aws, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any], changed: Set[str]
    ) -> None:
        region = news.get("region")
        settled(client, resource_id, region)
        configuration, code = changed & set(CONFIGURATION), _code(changed)
        if configuration:
            given = to_api(news, INPUTS, configuration)
            gone = to_api({name: "" for name in configuration if news.get(name) is None}, _UNTYPED, configuration)
            cleared = {member: CLEARED[member] for member in gone if member in CLEARED}
            parameters = {**cleared, **given}
            client.call("lambda", "UpdateFunctionConfiguration", region, FunctionName=resource_id, **parameters)
            settled(client, resource_id, region)
        if code:
            architectures = news.get("architectures")
            source = _source(news)
            client.call(
                "lambda", "UpdateFunctionCode", region, FunctionName=resource_id, Architectures=architectures, **source
            )
            settled(client, resource_id, region)
        if "reservedConcurrentExecutions" in changed:
            _reserve(client, resource_id, news)
        _retag(client, olds, news)
        if news.get("publish") and (configuration or code or "publish" in changed):
            with existing(resource_id, {**olds, **news}):
                _publish(client, resource_id, region)

    def delete(self, client: Aws, resource_id: str, known: Mapping[str, Any]) -> None:
        if not known.get("skipDestroy"):
            client.discard("lambda", "DeleteFunction", region=known.get("region"), FunctionName=resource_id)


_UNTYPED: Final = dict.fromkeys(CONFIGURATION, INPUTS["description"])


def invoke_arn(region: str, function_arn: str) -> str:
    """The address at which API Gateway invokes a function."""
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function_arn}/invocations"


def _code(changed: Set[str]) -> Set[str]:
    """The changed inputs that concern the code; with any, also the outputs that measure it."""
    touched = changed & set(CODE)
    return {*touched, "codeSha256", "sourceCodeSize"} if touched else frozenset()


def _source(inputs: Mapping[str, Any]) -> dict[str, Any]:
    if inputs.get("code") is not None:
        return {"ZipFile": zipped(inputs["code"])}
    return to_api(inputs, INPUTS, ("imageUri", "s3Bucket", "s3Key", "s3ObjectVersion"))


def _reserve(client: Aws, name: str, inputs: Mapping[str, Any]) -> None:
    count, region = inputs["reservedConcurrentExecutions"], inputs.get("region")
    if count >= 0:
        parameters = {"FunctionName": name, "ReservedConcurrentExecutions": count}
        client.call("lambda", "PutFunctionConcurrency", region, **parameters)
    else:
        client.call("lambda", "DeleteFunctionConcurrency", region, FunctionName=name)


def _publish(client: Aws, name: str, region: str | None) -> None:
    version = client.call("lambda", "PublishVersion", region, FunctionName=name)["Version"]
    settled(client, name, region, version)


def _versions(client: Aws, name: str, region: str | None) -> list[str]:
    """Published versions, oldest first."""
    found: list[str] = []
    marker: str | None = None
    while True:
        answer = client.call("lambda", "ListVersionsByFunction", region, FunctionName=name, Marker=marker)
        found += [item["Version"] for item in answer["Versions"] if item["Version"] != "$LATEST"]
        marker = answer.get("NextMarker")
        if not marker:
            return sorted(found, key=int)


def _retag(client: Aws, olds: Mapping[str, Any], news: Mapping[str, Any]) -> None:
    region, arn = news.get("region"), olds["arn"]
    before, after = client.tags(olds) | (olds.get("tagsAll") or {}), client.tags(news)
    if removed := sorted(set(before) - set(after)):
        client.call("lambda", "UntagResource", region, Resource=arn, TagKeys=removed)
    if after and after != before:
        client.call("lambda", "TagResource", region, Resource=arn, Tags=after)
