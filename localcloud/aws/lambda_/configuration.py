"""What a function is configured to be: defaults and checks, as Lambda has them."""

from __future__ import annotations

import re
from typing import Any

import orjson

from localcloud.aws.lambda_.errors import invalid

RUNTIMES = ("python3.10", "python3.11", "python3.12", "python3.13", "python3.14")
_SNAP_START = ("python3.12", "python3.13", "python3.14")
_ENVIRONMENT_LIMIT = 4096  # bytes
_HANDLER = re.compile(r"[^\s]{1,128}")
_ROLE = re.compile(r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
_VARIABLE = re.compile(r"[a-zA-Z]([a-zA-Z0-9_])+")
_RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)
_COPIED = (
    "Role",
    "Handler",
    "Runtime",
    "Description",
    "Timeout",
    "MemorySize",
    "KMSKeyArn",
    "DeadLetterConfig",
    "TracingConfig",
    "EphemeralStorage",
)


def defaults(name: str) -> dict[str, Any]:
    """A function's settings where nothing is said."""
    return {
        "Description": "",
        "Timeout": 3,
        "MemorySize": 128,
        "TracingConfig": {"Mode": "PassThrough"},
        "EphemeralStorage": {"Size": 512},
        "Architectures": ["x86_64"],
        "PackageType": "Zip",
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
    }


def apply(document: dict[str, Any], params: dict[str, Any]) -> None:  # noqa: PLR0912 - one a setting
    """Takes over what a call sets. Raises ServiceError InvalidParameterValueException."""
    for key in (
        "Layers",
        "FileSystemConfigs",
        "ImageConfig",
        "CapacityProviderConfig",
        "DurableConfig",
        "TenancyConfig",
    ):
        if params.get(key):
            raise invalid(f"The local Lambda does not implement {key}. Leave it out to deploy here.")
    if params.get("VpcConfig", {}).get("SubnetIds"):
        raise invalid("The local Lambda does not implement VpcConfig. Leave it out to deploy here.")
    if params.get("PackageType", "Zip") != "Zip":
        raise invalid("The local Lambda runs packages of type Zip. PackageType Image is not implemented.")
    for key in _COPIED:
        if params.get(key) is not None:
            document[key] = params[key]
    if params.get("Architectures"):
        document["Architectures"] = params["Architectures"]
    if "Environment" in params:
        variables = params["Environment"].get("Variables", {})
        document["Environment"] = {"Variables": variables}
        if not variables:
            del document["Environment"]
    if "SnapStart" in params:
        document["SnapStart"] = {"ApplyOn": params["SnapStart"].get("ApplyOn", "None"), "OptimizationStatus": "Off"}
    if "LoggingConfig" in params:
        found = params["LoggingConfig"]
        form = found.get("LogFormat", document["LoggingConfig"]["LogFormat"])
        levels = ("ApplicationLogLevel", "SystemLogLevel")
        if form == "Text" and any(found.get(key) for key in levels):
            raise invalid("To set a log level, LogFormat must be JSON.")
        group = found.get("LogGroup") or document["LoggingConfig"]["LogGroup"]
        document["LoggingConfig"] = {"LogFormat": form, "LogGroup": group}
        if form == "JSON":
            document["LoggingConfig"] |= {key: found.get(key, "INFO") for key in levels}
    check(document)


def check(document: dict[str, Any]) -> None:
    """Raises ServiceError InvalidParameterValueException."""
    runtime = document.get("Runtime")
    if runtime not in RUNTIMES:
        known = ", ".join(RUNTIMES)
        raise invalid(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [{known}]"
        )
    if not _HANDLER.fullmatch(document.get("Handler", "")):
        raise invalid(
            "Value at 'handler' failed to satisfy constraint: Member must satisfy regular expression pattern: [^\\s]+"
        )
    if not _ROLE.fullmatch(document.get("Role", "")):
        raise invalid(f"Value '{document.get('Role')}' at 'role' failed to satisfy constraint: a role's ARN")
    for key, low, high in (("MemorySize", 128, 10240), ("Timeout", 1, 900)):
        value = document[key]
        if not low <= value <= high:
            member = key[0].lower() + key[1:]
            bound = f"less than or equal to {high}" if value > high else f"greater than or equal to {low}"
            raise invalid(f"'{member}' value failed to satisfy constraint: Member must have value {bound}")
    variables = document.get("Environment", {}).get("Variables", {})
    reserved = sorted(_RESERVED & variables.keys())
    if reserved:
        raise invalid(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            f"provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    for key in variables:
        if not _VARIABLE.fullmatch(key):
            raise invalid(f"Environment variable {key!r} is no name: a letter, then letters, digits and underscores")
    # As JSON, which AWS's error goes on to show; here it does not, as logs keep it.
    # https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
    if len(orjson.dumps(variables)) > _ENVIRONMENT_LIMIT:
        raise invalid(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided exceeded the 4KB limit."
        )
    if document["SnapStart"]["ApplyOn"] != "None":
        if runtime not in _SNAP_START:
            raise invalid(f"{runtime} is not supported for SnapStart enabled functions.")
        if document["EphemeralStorage"]["Size"] > 512:
            raise invalid("EphemeralStorage greater than 512 MB is not supported for SnapStart enabled functions.")
