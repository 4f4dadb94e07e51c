"""AWS: a Lambda function behind an HTTP API, and what it may use."""

from components.aws.function import Function, FunctionArgs
from components.aws.grant import Grant
from components.aws.http_api import HttpApi, HttpApiArgs
from components.aws.secrets import Secrets, SecretsArgs
from components.aws.state import State, StateArgs
from components.aws.text_model import TextModel

__all__ = [
    "Function",
    "FunctionArgs",
    "Grant",
    "HttpApi",
    "HttpApiArgs",
    "Secrets",
    "SecretsArgs",
    "State",
    "StateArgs",
    "TextModel",
]
