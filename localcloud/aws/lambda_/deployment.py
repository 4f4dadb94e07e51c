"""One version as it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud.aws.ports import Credentials, Rights, RoleSession


@dataclass(frozen=True, slots=True)
class Deployment:
    """What environments are made of. Two deployments with the same `key` are the same code and configuration."""

    key: str
    name: str
    version: str
    handler: str
    runtime: str
    memory: int  # MB
    timeout: float  # seconds
    group: str
    log_format: str
    log_level: str | None
    snap_start: bool
    folder: Path
    variables: dict[str, str]
    region: str
    endpoint: str
    session: RoleSession
    credentials: Credentials

    def environment(self) -> dict[str, str]:
        """Lambda's own variables and the function's, without those of a single environment.

        https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html. Departures:
        AWS_ENDPOINT_URL leads SDKs to this cloud, LAMBDA_TASK_ROOT is a folder of this machine, and PATH is its own.
        """
        variables = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/bin",
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            **self.variables,
            "_HANDLER": self.handler,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self.runtime}",
            "AWS_ACCESS_KEY_ID": self.credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": self.credentials.secret_key,
            "AWS_SESSION_TOKEN": self.credentials.token,
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": self.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory),
            "AWS_LAMBDA_LOG_GROUP_NAME": self.group,
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start" if self.snap_start else "on-demand",
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
            "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
            "LAMBDA_TASK_ROOT": str(self.folder),
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
        }
        if self.log_format == "JSON":
            variables["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        if self.log_level is not None:
            variables["AWS_LAMBDA_LOG_LEVEL"] = self.log_level
        return variables


def deployment(document: dict[str, Any], folder: Path, region: str, endpoint: str, rights: Rights) -> Deployment:
    """The deployment of a stored version."""
    session = RoleSession(document["Role"], document["FunctionName"])
    logging = document["LoggingConfig"]
    return Deployment(
        key=f"{document['FunctionName']}:{document['Version']}:{document['RevisionId']}",
        name=document["FunctionName"],
        version=document["Version"],
        handler=document["Handler"],
        runtime=document["Runtime"],
        memory=document["MemorySize"],
        timeout=document["Timeout"],
        group=logging["LogGroup"],
        log_format=logging["LogFormat"],
        log_level=logging.get("ApplicationLogLevel") if logging["LogFormat"] == "JSON" else None,
        snap_start=document["SnapStart"]["ApplyOn"] == "PublishedVersions" and document["Version"] != "$LATEST",
        folder=folder,
        variables=dict(document.get("Environment", {}).get("Variables", {})),
        region=region,
        endpoint=endpoint,
        session=session,
        credentials=rights.credentials(session.role_arn, session.name),
    )
