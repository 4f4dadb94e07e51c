"""The whole front door with real boto3 and httpx clients."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.localcloud.aws.conftest import FUNCTION, Cloud

TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})  # fmt: skip


def deploy(cloud: Cloud, *keys: str, cors: dict[str, Any] | None = None, **stage: Any) -> str:
    client = cloud.client("apigatewayv2")
    options = {} if cors is None else {"CorsConfiguration": cors}
    api = client.create_api(Name="a", ProtocolType="HTTP", **options)
    number = api["ApiId"]
    invoke = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}:live/invocations"
    integration = client.create_integration(
        ApiId=number, IntegrationType="AWS_PROXY", IntegrationUri=invoke, PayloadFormatVersion="2.0",
        TimeoutInMillis=stage.pop("timeout", 30000),
    )  # fmt: skip
    for key in keys or ("$default",):
        client.create_route(ApiId=number, RouteKey=key, Target=f"integrations/{integration['IntegrationId']}")
    client.create_stage(ApiId=number, StageName="$default", AutoDeploy=True, **stage)
    return str(api["ApiEndpoint"])


def test_a_request_reaches_the_function_and_comes_back(cloud: Cloud) -> None:
    url = deploy(cloud, "GET /pets/{id}")
    cloud.function.answer = b'{"statusCode": 201, "headers": {"X-A": "1"}, "cookies": ["a=1", "b=2"], "body": "hi"}'
    answer = httpx.get(f"{url}/pets/a%20b?x=1&x=2&y=", headers={"cookie": "c=1; d=2"})
    assert (answer.status_code, answer.text) == (201, "hi")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["content-type"] == "text/plain;charset=UTF-8"
    assert answer.headers["apigw-requestid"]
    event = json.loads(cloud.function.events[0])
    assert event["routeKey"] == "GET /pets/{id}"
    assert event["rawPath"] == "/pets/a%20b"
    assert event["rawQueryString"] == "x=1&x=2&y="
    assert event["queryStringParameters"] == {"x": "1,2", "y": ""}
    assert event["pathParameters"] == {"id": "a b"}
    assert event["cookies"] == ["c=1", "d=2"]
    assert "body" not in event
    assert "stageVariables" not in event
    assert cloud.function.sources[0].endswith("/$default/GET/pets/{id}")


@pytest.mark.parametrize(
    ("outcome", "answer", "status", "message"),
    [
        ("error", b'{"errorMessage": "secret"}', 500, "Internal Server Error"),
        ("timeout", b"secret", 500, "Internal Server Error"),
        ("missing", b"secret", 500, "Internal Server Error"),
        ("throttled", b"secret", 503, "Service Unavailable"),
        ("success", b'{"statusCode": "x", "body": "secret"}', 500, "Internal Server Error"),
        ("success", b'{"statusCode": 200, "headers": {"a": "b\\r\\nc: d"}}', 500, "Internal Server Error"),
    ],
)
def test_a_failing_function_never_tells(cloud: Cloud, outcome: str, answer: bytes, status: int, message: str) -> None:
    url = deploy(cloud)
    cloud.function.outcome, cloud.function.answer = outcome, answer
    found = httpx.get(url)
    assert (found.status_code, found.json()) == (status, {"message": message})
    assert found.headers["content-type"] == "application/json"


def test_no_permission_is_500_and_a_slow_function_503(cloud: Cloud) -> None:
    url = deploy(cloud, timeout=60)
    cloud.function.delay = 0.5
    assert httpx.get(url).json() == {"message": "Service Unavailable"}
    other = deploy(cloud)
    cloud.function.permitted = False
    assert httpx.get(other).json() == {"message": "Internal Server Error"}


def test_no_route_is_404_and_a_drained_bucket_429(cloud: Cloud) -> None:
    url = deploy(cloud, "GET /a", DefaultRouteSettings={"ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 0.001})
    assert httpx.get(f"{url}/b").json() == {"message": "Not Found"}
    answers = [httpx.get(f"{url}/a") for _ in range(3)]
    assert [found.status_code for found in answers] == [200, 200, 429]
    assert answers[2].json() == {"message": "Too Many Requests"}


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("text/plain", 6 * 2**20),  # with the rest of its event over Lambda's 6 MB
        ("application/octet-stream", 5 * 2**20),  # in base64, as it reaches Lambda
        ("text/plain", 10 * 2**20 + 1),  # over what the HTTP API itself takes
    ],
)
def test_a_body_that_lambda_cannot_take_is_413(cloud: Cloud, kind: str, size: int) -> None:
    url = deploy(cloud)
    answer = httpx.post(url, content=bytes([65]) * size, headers={"content-type": kind})
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Entity Too Large"})
    assert not cloud.function.events
    fits = httpx.post(url, content=bytes(4 * 2**20), headers={"content-type": "application/octet-stream"})
    assert fits.status_code == 200


def test_headers_over_10_kb_are_431(cloud: Cloud) -> None:
    url = deploy(cloud)
    assert httpx.get(url, headers={"x-long": "a" * 9_800}).status_code == 200
    for sent in ({"x-long": "a" * 10_240}, {f"x-{number}": "a" * 1000 for number in range(11)}):
        assert httpx.get(url, headers=sent).status_code == 431
    assert len(cloud.function.events) == 1


def test_no_integration_may_wait_longer_than_30_s(cloud: Cloud) -> None:
    client = cloud.client("apigatewayv2")
    api = client.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
    given = {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri, "PayloadFormatVersion": "2.0"}
    assert client.create_integration(**given)["TimeoutInMillis"] == 30_000
    with pytest.raises(client.exceptions.BadRequestException, match="30000"):
        client.create_integration(**given, TimeoutInMillis=30_001)


def test_an_answer_leaves_whole_and_one_without_content_has_a_type(cloud: Cloud) -> None:
    url = deploy(cloud)
    answer = httpx.get(url)
    assert answer.headers["content-length"] == "2"
    assert "transfer-encoding" not in answer.headers
    cloud.function.answer = b'{"statusCode": 204}'
    empty = httpx.get(url)
    assert (empty.status_code, empty.headers["content-type"]) == (204, "text/plain;charset=UTF-8")


def test_an_http_api_has_no_websocket(cloud: Cloud) -> None:
    """The upgrade goes no further than the HTTP API, which hands the request on as any other."""
    url = deploy(cloud)
    asked = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "eA==",
    }
    assert httpx.get(url, headers=asked).status_code == 200
    [event] = cloud.function.events
    assert "upgrade" not in json.loads(event)["headers"]


def test_cors_as_configured(cloud: Cloud) -> None:
    url = deploy(cloud, cors={"AllowOrigins": ["https://a.example"], "AllowMethods": ["GET"], "MaxAge": 5})
    asked = {"origin": "https://a.example", "access-control-request-method": "GET"}
    found = httpx.options(url, headers=asked)
    assert (found.status_code, found.headers["access-control-allow-origin"]) == (204, "https://a.example")
    assert found.headers["access-control-max-age"] == "5"
    assert not cloud.function.events
    cloud.function.answer = b'{"statusCode": 200, "headers": {"access-control-allow-origin": "*"}}'
    assert httpx.get(url, headers=asked).headers["access-control-allow-origin"] == "https://a.example"
    assert "access-control-allow-origin" not in httpx.get(url, headers={"origin": "https://b.example"}).headers


def test_control_errors_have_aws_codes(cloud: Cloud) -> None:
    client = cloud.client("apigatewayv2")
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_api(ApiId="nope")
    url = deploy(cloud, "GET /a")
    api = url.rpartition("/")[2]
    with pytest.raises(client.exceptions.ConflictException, match="already exists"):
        client.create_route(ApiId=api, RouteKey="GET /a")
    with pytest.raises(client.exceptions.BadRequestException):
        client.create_route(ApiId=api, RouteKey="FETCH /a")
    with pytest.raises(client.exceptions.BadRequestException, match="AWS_PROXY"):
        client.create_integration(ApiId=api, IntegrationType="HTTP_PROXY", IntegrationUri="http://a.example")
    with pytest.raises(ClientError, match="implements"):
        client.get_authorizers(ApiId=api)


def test_apis_and_roles_survive_a_restart(start: Callable[[], Cloud]) -> None:
    cloud = start()
    url = deploy(cloud, "GET /a")
    made = cloud.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]
    again = start()
    found = again.client("iam").get_role(RoleName="r")["Role"]
    assert (found["RoleId"], found["Arn"]) == (made["RoleId"], made["Arn"])
    assert abs((found["CreateDate"] - made["CreateDate"]).total_seconds()) < 1
    assert httpx.get(f"{again.url}/_aws/execute-api/{url.rpartition('/')[2]}/a").status_code == 200


def test_logs(cloud: Cloud) -> None:
    client = cloud.client("logs")
    client.create_log_group(logGroupName="g", tags={"a": "b"})
    client.put_retention_policy(logGroupName="g", retentionInDays=7)
    assert client.describe_log_groups(logGroupNamePrefix="g")["logGroups"][0]["retentionInDays"] == 7
    client.create_log_stream(logGroupName="g", logStreamName="s")
    now = int(time.time() * 1000)
    cloud.logs.write("g", "s", [(now, "one apple"), (now + 1, "two pears")])
    events = client.get_log_events(logGroupName="g", logStreamName="s", startFromHead=True)["events"]
    assert [event["message"] for event in events] == ["one apple", "two pears"]
    assert len(client.filter_log_events(logGroupName="g", filterPattern="-apple")["events"]) == 1
    with pytest.raises(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_group(logGroupName="g")
    client.delete_log_group(logGroupName="g")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_log_streams(logGroupName="g")


def test_access_log(cloud: Cloud) -> None:
    cloud.client("logs").create_log_group(logGroupName="access")
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:access"
    url = deploy(cloud, AccessLogSettings={"DestinationArn": arn, "Format": "$context.requestId $context.status"})
    found = httpx.get(url)
    time.sleep(0.3)
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    assert [event["message"] for event in events] == [f"{found.headers['apigw-requestid']} 200"]


SIGNED = "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=00"
FORM = "Action=CreateUser&UserName=evil&Version=2010-05-08"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"host": "evil.example:4566"},
        {"host": "localhost.evil.example"},
        {},
    ],
)
def test_no_forged_post_and_no_rebound_name_reaches_a_control_api(cloud: Cloud, headers: dict[str, str]) -> None:
    signed = {"authorization": SIGNED} if headers else {}
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = httpx.post(cloud.url, content=FORM, headers={**form, **signed, **headers})
    assert answer.status_code == 403
    assert cloud.client("iam").list_users()["Users"] == []


def test_the_data_plane_is_open_to_browsers_but_not_to_foreign_names(cloud: Cloud) -> None:
    url = deploy(cloud)
    assert httpx.get(url, headers={"origin": "https://a.example"}).status_code == 200
    assert httpx.get(url, headers={"host": "evil.example"}).status_code == 403
    assert httpx.get(f"{cloud.url}/moto-api/data.json").status_code == 403
