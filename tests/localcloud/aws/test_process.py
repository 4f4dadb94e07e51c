"""The local AWS as a process: its contract with the supervisor, and what survives a kill."""

import http.client
import io
import sys
import zipfile

import httpx
import pytest

from tests.localcloud.aws.process import TRUST, Process

CODE = "def handler(event, context):\n    return {'statusCode': 200, 'body': event['rawPath']}\n"


def test_roles_apis_and_functions_survive_a_kill(process: Process) -> None:
    process.start()
    role = process.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", CODE)
    functions, apis = process.client("lambda"), process.client("apigatewayv2")
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    options = {"Role": role["Arn"], "Runtime": runtime, "Handler": "main.handler"}
    arn = functions.create_function(FunctionName="f", Code={"ZipFile": buffer.getvalue()}, **options)["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName="f", WaiterConfig={"Delay": 1})
    api = apis.create_api(Name="a", ProtocolType="HTTP", Target=arn)
    source = f"arn:aws:execute-api:us-east-1:123456789012:{api['ApiId']}/*"
    functions.add_permission(
        FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
        SourceArn=source,
    )  # fmt: skip
    answer = httpx.get(f"{api['ApiEndpoint']}/x/y", timeout=20)
    assert (answer.status_code, answer.text) == (200, "/x/y")
    process.end(kill=True)
    process.start()
    again = process.client("iam").get_role(RoleName="r")["Role"]
    assert (again["RoleId"], again["CreateDate"]) == (role["RoleId"], role["CreateDate"])
    url = f"http://127.0.0.1:{process.port}/_aws/execute-api/{api['ApiId']}/z"
    assert httpx.get(url, timeout=20).text == "/z"


def test_it_keeps_the_contract_with_its_supervisor(process: Process) -> None:
    process.start()
    other = Process(process.folder / "other")
    word, fields = other.start(process.port)
    assert (word, fields["code"]) == ("failed", "PortInUse")
    assert str(process.port) in fields["message"]
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(process.folder / "c"))) as client:
        status = client.get("http://control/status").json()
    assert status["healthy"]
    assert {"emulator", "http apis"} <= {part["name"] for part in status["parts"]}
    assert process.end() == 0  # its standard input ended


@pytest.mark.parametrize("path", ["/moto-api/reset", "/%6doto-api/reset", "//moto-api/reset"])
def test_the_emulators_own_controls_are_out_of_reach(process: Process, path: str) -> None:
    process.start()
    process.client("iam").create_role(RoleName="kept", AssumeRolePolicyDocument=TRUST)
    credential = "AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/iam/aws4_request"
    connection = http.client.HTTPConnection("127.0.0.1", process.port)
    connection.request("POST", path, headers={"Authorization": credential})
    assert connection.getresponse().status == 404
    connection.close()
    assert [role["RoleName"] for role in process.client("iam").list_roles()["Roles"]] == ["kept"]
