"""HTTP API events, payload format 2.0, as ASGI requests, and answers back.

Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway".
"""

from binascii import a2b_base64, b2a_base64
from typing import Any
from urllib.parse import unquote

from functions.asgi import VERSION, Response, Scope
from functions.errors import UnsupportedEventError

Event = dict[str, Any]

_TEXT = frozenset(
    {
        "application/graphql",
        "application/javascript",
        "application/json",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/yaml",
        "image/svg+xml",
    }
)


def request_scope(event: Event) -> Scope:
    """The ASGI scope of a request.

    ``path`` keeps the stage's prefix, which is also ``root_path``, as ASGI wants it; the ``$default`` stage has none.

    :raises UnsupportedEventError: for anything but payload format 2.0.
    """
    version = event.get("version") if isinstance(event, dict) else None
    if version != "2.0":
        raise UnsupportedEventError(
            f"the event's version is {version!r}, not '2.0'; invoke this handler through an HTTP API whose "
            "integration has payloadFormatVersion 2.0"
        )
    context = event["requestContext"]
    http = context["http"]
    path = event["rawPath"]
    stage = context["stage"]
    sent: dict[str, str] = event["headers"]
    headers = [(name.lower().encode("latin-1"), _header_value(value)) for name, value in sent.items()]
    if cookies := event.get("cookies"):
        headers.append((b"cookie", _header_value("; ".join(cookies))))
    scheme = sent.get("x-forwarded-proto", "https")
    port = sent.get("x-forwarded-port", "")
    return {
        "type": "http",
        "asgi": VERSION,
        "http_version": http["protocol"].partition("/")[2],
        "method": http["method"],
        "scheme": scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": event["rawQueryString"].encode(),
        "root_path": "" if stage == "$default" else f"/{stage}",
        "headers": headers,
        "client": (http["sourceIp"], 0),
        "server": (context["domainName"], int(port) if port.isdecimal() else 443),
    }


def request_body(event: Event) -> bytes:
    """The bytes that the client sent."""
    body: str = event.get("body") or ""
    return a2b_base64(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")


def proxy_response(response: Response, *, with_body: bool = True) -> Event:
    """The answer in format 2.0: cookies apart, other repeated headers joined, bytes that are no text in base64.

    ``with_body`` is false for HEAD, whose answer has the headers of GET and no content (RFC 9110, section 9.3.2).
    """
    headers: dict[str, str] = {}
    cookies: list[str] = []
    for raw_name, raw_value in response.headers:
        name = raw_name.decode("latin-1").lower()
        value = raw_value.decode("latin-1")
        if name == "set-cookie":
            cookies.append(value)
        elif name in headers:
            headers[name] += f", {value}"
        else:
            headers[name] = value
    body, encoded = _body_text(response.body if with_body else b"", headers)
    answer: Event = {"statusCode": response.status, "headers": headers, "body": body, "isBase64Encoded": encoded}
    if cookies:
        answer["cookies"] = cookies
    return answer


def _header_value(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


def _body_text(body: bytes, headers: dict[str, str]) -> tuple[str, bool]:
    if not body:
        return "", False
    if "content-encoding" not in headers and _is_text(headers.get("content-type", "")):
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            # Text in another charset: its bytes must arrive as they are.
            pass
    return b2a_base64(body, newline=False).decode("ascii"), True


def _is_text(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type in _TEXT or media_type.startswith("text/") or media_type.endswith(("+json", "+xml"))
