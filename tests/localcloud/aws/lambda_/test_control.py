"""The control plane."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from localcloud.aws.lambda_.packages import check
from localcloud.aws.protocol.service import ServiceError

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"MemorySize": 64}, "InvalidParameterValueException"),
        ({"Timeout": 901}, "InvalidParameterValueException"),
        ({"Runtime": "python2.7"}, "InvalidParameterValueException"),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "InvalidParameterValueException"),
        ({"Environment": {"Variables": {"LONG": "x" * 5000}}}, "InvalidParameterValueException"),
        ({"Runtime": "python3.11", "SnapStart": {"ApplyOn": "PublishedVersions"}}, "InvalidParameterValueException"),
        ({"Code": {"ZipFile": b"no zip"}}, "InvalidParameterValueException"),
    ],
)
async def test_wrong_values_are_refused(cloud: Any, params: dict[str, Any], code: str) -> None:
    with pytest.raises(ServiceError) as refused:
        await cloud.create("f", "x = 1", **params)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ((zipfile.ZIP_STORED, 50 * 2**20), "Zipped size must be smaller than 52428800 bytes"),
        ((zipfile.ZIP_DEFLATED, 250 * 2**20 + 1), "Unzipped size must be smaller than 262144000 bytes"),
    ],
)
async def test_a_package_over_the_limit_is_refused(cloud: Any, entry: tuple[int, int], told: str) -> None:
    kind, size = entry
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind, compresslevel=1) as file:
        file.writestr("data.bin", bytes(size))
    with pytest.raises(ServiceError, match=told) as refused:
        await cloud.create("f", "", Code={"ZipFile": buffer.getvalue()})
    assert refused.value.code == "InvalidParameterValueException"


async def test_variables_have_4_kb_together_as_json(cloud: Any) -> None:
    """Quotes, colons and commas count, as AWS's own errors show ("String measured: {...}")."""
    full = {"A1": "x" * (4096 - len('{"A1":"","B1":"\\""}')), "B1": '"'}
    await cloud.create("f", "x = 1", Environment={"Variables": full})
    longer = {**full, "B1": '""'}
    with pytest.raises(ServiceError, match="exceeded the 4KB limit") as refused:
        await cloud.create("g", "x = 1", Environment={"Variables": longer})
    assert refused.value.code == "InvalidParameterValueException"
    assert "xxxx" not in refused.value.message


async def test_versions_aliases_and_revisions(cloud: Any) -> None:
    await cloud.create("f", "def h(e, c): return c.function_version")
    assert (await cloud.publish("f"))["Version"] == "1"
    assert (await cloud.publish("f"))["Version"] == "1"
    await cloud.update("f", "def h(e, c): return c.function_version  # new")
    assert (await cloud.publish("f"))["Version"] == "2"
    weights = {"AdditionalVersionWeights": {"2": 1.0}}
    await cloud.call("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1", RoutingConfig=weights)
    assert (await cloud.invoke("f:live"))["ExecutedVersion"] == "2"
    with pytest.raises(ServiceError) as stale:
        await cloud.call("UpdateAlias", FunctionName="f", Name="live", RevisionId="old")
    assert stale.value.status == 412
    with pytest.raises(ServiceError) as used:
        await cloud.call("DeleteFunction", FunctionName="f", Qualifier="1")
    assert used.value.code == "ResourceConflictException"
    await cloud.call("DeleteFunction", FunctionName="f")
    with pytest.raises(ServiceError) as gone:
        await cloud.invoke("f")
    assert gone.value.status == 404


async def test_another_description_of_the_function_makes_a_version_and_one_given_to_a_version_does_not(
    cloud: Any,
) -> None:
    await cloud.create("f", "def h(e, c): return c.function_version", Description="one")
    assert (await cloud.publish("f"))["Version"] == "1"
    await cloud.call("UpdateFunctionConfiguration", FunctionName="f", Description="two")
    await cloud.settled("f")
    published = await cloud.call("PublishVersion", FunctionName="f", Description="given")
    assert (published["Version"], published["Description"]) == ("2", "given")
    assert "Described" not in published
    await cloud.settled("f:2")
    assert (await cloud.publish("f"))["Version"] == "2"


async def test_permissions_name_their_source(cloud: Any) -> None:
    await cloud.create("f", "x = 1")
    source = "arn:aws:execute-api:us-east-1:000000000000:abc/*"
    common = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com"}
    await cloud.call("AddPermission", FunctionName="f", SourceArn=source, **common)
    arn = "arn:aws:lambda:us-east-1:000000000000:function:f"
    assert cloud.service.permits(arn, "apigateway.amazonaws.com", source.replace("*", "$default/GET/"))
    assert not cloud.service.permits(arn, "apigateway.amazonaws.com", source.replace("abc", "other"))
    assert not cloud.service.permits(arn + ":live", "apigateway.amazonaws.com", source)
    await cloud.call("RemovePermission", FunctionName="f", StatementId="s")
    with pytest.raises(ServiceError):
        await cloud.call("GetPolicy", FunctionName="f")


async def test_reserved_concurrency_of_zero_throttles(cloud: Any) -> None:
    await cloud.create("f", "def h(e, c): return 1")
    await cloud.call("PutFunctionConcurrency", FunctionName="f", ReservedConcurrentExecutions=0)
    with pytest.raises(ServiceError) as throttled:
        await cloud.invoke("f")
    assert throttled.value.status == 429


@pytest.mark.parametrize(
    ("name", "link"), [("../x", None), ("/x", None), ("a/../../x", None), ("l", "../x"), ("l", "/etc")]
)
def test_packages_cannot_leave_their_folder(name: str, link: str | None, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        info = zipfile.ZipInfo(name)
        info.external_attr = (0o120777 if link else 0o100644) << 16
        file.writestr(info, link or "x")
    with pytest.raises(ServiceError):
        check(buffer.getvalue())
