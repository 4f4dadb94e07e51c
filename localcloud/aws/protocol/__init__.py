"""Requests and answers of AWS APIs, parsed and written by botocore's own service models."""

from localcloud.aws.protocol.api import ServiceApi
from localcloud.aws.protocol.service import CallContext, Service, ServiceError, unsupported

__all__ = ["CallContext", "Service", "ServiceApi", "ServiceError", "unsupported"]
