"""The inputs of aws:lambda/function:Function, and which call each belongs to."""

from __future__ import annotations

from typing import Any, Final

from localcloud.providers.aws.common import FLAG, MAP, NUMBER, REPLACING, REQUIRED, STRINGS, TEXT, block
from localcloud.providers.protocol.schema import Property

INPUTS: Final = {
    "architectures": Property("list"),
    "code": Property("archive"),
    "deadLetterConfig": block(targetArn=REQUIRED),
    "description": TEXT,
    "environment": block(variables=MAP),
    "ephemeralStorage": block(size=NUMBER),
    "handler": TEXT,
    "imageConfig": block(commands=Property("list"), entryPoints=Property("list"), workingDirectory=TEXT),
    "imageUri": TEXT,
    "kmsKeyArn": TEXT,
    "layers": Property("list"),
    "loggingConfig": block(logFormat=REQUIRED, applicationLogLevel=TEXT, logGroup=TEXT, systemLogLevel=TEXT),
    "memorySize": Property("integer", default=128),
    "name": REPLACING,
    "packageType": Property(replaces=True, default="Zip", choices=("Zip", "Image")),
    "publish": FLAG,
    "region": REPLACING,
    "reservedConcurrentExecutions": Property("integer", default=-1),
    "role": REQUIRED,
    "runtime": TEXT,
    "s3Bucket": TEXT,
    "s3Key": TEXT,
    "s3ObjectVersion": TEXT,
    "skipDestroy": FLAG,
    "snapStart": block(applyOn=REQUIRED, optimizationStatus=TEXT),
    "sourceCodeHash": TEXT,
    "tags": MAP,
    "timeout": Property("integer", default=3),
    "tracingConfig": block(mode=REQUIRED),
    "vpcConfig": block(securityGroupIds=STRINGS, subnetIds=STRINGS, ipv6AllowedForDualStack=FLAG),
}

CONFIGURATION: Final = (
    "deadLetterConfig", "description", "environment", "ephemeralStorage", "handler", "imageConfig", "kmsKeyArn",
    "layers", "loggingConfig", "memorySize", "role", "runtime", "snapStart", "timeout", "tracingConfig", "vpcConfig",
)  # fmt: skip
"""What UpdateFunctionConfiguration takes; CreateFunction takes it too."""

CODE: Final = ("code", "imageUri", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash", "architectures")
"""What UpdateFunctionCode is for."""

CLEARED: Final[dict[str, Any]] = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
    "Environment": {"Variables": {}},
    "EphemeralStorage": {"Size": 512},
    "ImageConfig": {},
    "KMSKeyArn": "",
    "Layers": [],
    "LoggingConfig": {"LogFormat": "Text"},
    "SnapStart": {"ApplyOn": "None"},
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
"""What AWS wants to hear when an input is taken away: a parameter left out keeps its value."""
