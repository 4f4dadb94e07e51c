"""AWS: a Lambda function behind an HTTP API."""

from components.aws.function import Function, FunctionArgs
from components.aws.http_api import HttpApi, HttpApiArgs

__all__ = ["Function", "FunctionArgs", "HttpApi", "HttpApiArgs"]
