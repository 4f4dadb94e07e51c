"""The Platform port on AWS Lambda."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar


@dataclass(frozen=True)
class LambdaPlatform:
    """This execution environment, as Lambda's reserved environment variables describe it.

    All is read when first asked for, which is during a request. SnapStart initialises a published version once and
    copies that memory into every environment: an id drawn while importing would be the same in all of them.

    Source: AWS Lambda Developer Guide, "Defined runtime environment variables" and "Handling uniqueness with Lambda
    SnapStart".
    """

    cloud: ClassVar[str] = "aws"

    @cached_property
    def region(self) -> str:
        """Such as ``eu-central-1``; Lambda always sets it."""
        return os.environ["AWS_REGION"]

    @cached_property
    def version(self) -> str:
        """The published version's number, or ``$LATEST``."""
        return os.environ["AWS_LAMBDA_FUNCTION_VERSION"]

    @cached_property
    def instance(self) -> str:
        """16 hexadecimal digits."""
        return os.urandom(8).hex()
