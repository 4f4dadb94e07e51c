"""`python -m localcloud.aws` for tests: started, killed, started again on the same data."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})  # fmt: skip
ACCOUNT = "123456789012"
_ONCE = Config(retries={"total_max_attempts": 1})


class Process:
    """Starts it, and again on the same data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self, port: int = 0) -> tuple[str, dict[str, Any]]:
        folders = ("--data", str(self.folder / "data"), "--logs", str(self.folder / "logs"))
        command = [sys.executable, "-m", "localcloud.aws", "--port", str(port), *folders]
        pipe = subprocess.PIPE
        found = subprocess.Popen([*command, "--control", str(self.folder / "c")], stdin=pipe, stdout=pipe, text=True)
        assert found.stdout is not None
        word, _, fields = found.stdout.readline().partition(" ")
        if word == "ready":
            self.running, self.port = found, json.loads(fields)["port"]
        else:
            found.communicate(timeout=10)
        return word, json.loads(fields)

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(
            service, region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{self.port}", config=_ONCE, **keys
        )

    def end(self, *, kill: bool = False) -> int:
        found, self.running = self.running, None
        if found is None:
            return 0
        if kill:
            found.kill()
        found.communicate(timeout=10)
        return found.returncode

    def function(self, name: str, code: str, **options: Any) -> str:
        """A function with a role of the same name that may do nothing; the role's ARN."""
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("main.py", code)
        functions = self.client("lambda")
        runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
        settings: dict[str, Any] = {"Role": arn, "Runtime": runtime, "Handler": "main.handler", "Timeout": 20}
        functions.create_function(FunctionName=name, Code={"ZipFile": buffer.getvalue()}, **settings | options)
        functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return arn

    def invoke(self, name: str, **event: Any) -> Any:
        """What the function answers."""
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        return json.loads(answer["Payload"].read())

    def allow(self, role: str, action: str | list[str], resource: str | list[str], **more: Any) -> None:
        """An inline policy of one statement, named `p` unless `name` says otherwise."""
        name = more.pop("name", "p")
        statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
