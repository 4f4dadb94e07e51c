"""The AWS clients of one execution environment: each made once, when it is first asked for, and never for a request.

A client keeps its connection open between requests, and Lambda keeps the environment: one connection a service for the
environment's life, however many requests it serves. None is made while Lambda initialises: with SnapStart that memory
is copied into every environment, where a socket in it is nobody's, and credentials come only afterwards. What is safe
to copy is done then (`prepare`): the SDK's code and its descriptions of the services, most of what a client costs.

botocore, not boto3: the same clients, without 0.2 s of further imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from functions.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CONNECT_SECONDS = 2
READ_SECONDS = 3
ATTEMPTS = 2


class Clients:
    """Makes and keeps clients by service name (`dynamodb`). Lambda's environment says which region and credentials."""

    def __init__(self) -> None:
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    def prepare(self, services: Iterable[str]) -> None:
        """Loads the SDK and what it knows of these services. Opens nothing and reads no credentials."""
        session = self._loaded_session()
        for service in services:
            session.get_service_model(service)

    def client(self, service: str, *, read_seconds: int = READ_SECONDS, attempts: int = ATTEMPTS) -> Any:
        """The environment's client of a service.

        :param read_seconds: after which an answer that does not come is given up; counts for the first call only.
        :param attempts: how often a call is tried in all; likewise.
        """
        client = self._clients.get(service)
        if client is None:
            from botocore.config import Config  # noqa: PLC0415  # 0.2 s, which a function without clients does not pay

            config = Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=read_seconds,
                tcp_keepalive=True,
                retries={"mode": "standard", "total_max_attempts": attempts},
            )
            client = self._clients[service] = self._loaded_session().create_client(service, config=config)
        return client

    def _loaded_session(self) -> Any:
        if self._session is None:
            from botocore.session import get_session  # noqa: PLC0415  # as above

            self._session = get_session()
        return self._session


def called(service: str, call: Callable[..., Any], **parameters: Any) -> Any:
    """What the call answers. No error of the SDK's passes.

    :raises ServiceError: with the service's own error code, or the SDK's name for a call that got no answer.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # loaded with the client
    from urllib3.exceptions import HTTPError, ReadTimeoutError  # noqa: PLC0415  # what an event stream lets through

    try:
        return call(**parameters)
    except ClientError as error:
        raise translated(service, error) from error
    except BotoCoreError as error:
        raise ServiceError(service, type(error).__name__) from error
    except HTTPError as error:
        code = "ReadTimeoutError" if isinstance(error, ReadTimeoutError) else "ResponseStreamingError"
        raise ServiceError(service, code) from error


def translated(service: str, error: Any) -> ServiceError:
    """A `ClientError` as one of ours. Errors inside an event stream spell their code with a small letter first."""
    answer: dict[str, Any] = error.response
    code: str = answer.get("Error", {}).get("Code") or "Unknown"
    headers: dict[str, str] = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    wait = headers.get("retry-after", "")
    return ServiceError(
        service,
        code[:1].upper() + code[1:],
        message=answer.get("Error", {}).get("Message", ""),
        retry_after=int(wait) if wait.isdecimal() else 0,
    )
