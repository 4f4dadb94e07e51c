"""JSON, read and written alike on every cloud.

The standard library's parser is given rules of its own where its answer would hang on the Python version, the build or
the caller's luck:

- Bytes are UTF-8 (RFC 8259, section 8.1), not guessed; a byte order mark is an error.
- NaN, Infinity and numbers beyond a double's range are errors: they have no JSON to be echoed as.
- Nesting is limited well below the recursion limit, which differs between CPython's versions and Pyodide.
- Integers have at most 4,300 digits, Python's own bound in each of them.
- A lone surrogate (``"\\ud800"``) is an error: it has no UTF-8 to be echoed as.
- Of members with the same name the last counts, as in Python and JavaScript.

Error details say what is wrong but not where: the parser's positions and words differ between Python's versions.
"""

import json
import math
import re
from typing import Any, NoReturn

from starlette.requests import Request
from starlette.responses import Response

from app.body import read_body
from app.errors import InvalidJsonError

MAX_DEPTH = 100

# A whole string, or one bracket. The closing quote is optional so that an unterminated string is passed over in one go.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


async def read_json(request: Request) -> Any:
    """The body as Python values; no body counts as ``{}``.

    :raises InvalidJsonError: for anything but JSON as described above.
    :raises ContentTooLargeError: for more than ``app.body.MAX_BODY_BYTES``.
    """
    body = await read_body(request)
    return parse_json(body) if body else {}


def parse_json(body: bytes) -> Any:
    """Python values of a JSON text.

    :raises InvalidJsonError: for anything but JSON as described above.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidJsonError("The body is not UTF-8. Send JSON in UTF-8.") from None
    # Counting is cheap and enough for nearly all: what has few brackets cannot be deep.
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise InvalidJsonError(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    try:
        value = _DECODER.decode(text)
        if "\\u" in text:
            to_json(value)
    except ValueError:
        # JSONDecodeError, int() over its digits, our own hooks and UnicodeEncodeError are all ValueErrors.
        raise InvalidJsonError("The body is not valid JSON (RFC 8259).") from None
    return value


def to_json(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return _ENCODER.encode(value).encode("utf-8")


def json_answer(content: Any) -> Response:
    """An answer of status 200."""
    return Response(to_json(content), media_type="application/json")


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        match match[0]:
            case "[" | "{":
                depth += 1
                deepest = max(deepest, depth)
            case "]" | "}":
                depth -= 1
    return deepest


def _finite(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise ValueError("out of range")
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
