"""Numbers as DynamoDB has them: up to 38 significant digits, 1E-130 to 9.9…E+125, written without an exponent.

Source: DynamoDB Developer Guide, "Supported data types and naming rules", and the API's own answers.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import Final

from localcloud.aws.dynamodb.errors import invalid

MOST_DIGITS: Final = 38
_HIGHEST, _LOWEST = 125, -130
_FORM: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_EXACT: Final = Context(prec=1_000_000)  # never rounds: a request has fewer digits

_NEGATIVE, _ZERO, _POSITIVE = b"\x40", b"\x80", b"\xc0"
_COMPLEMENT: Final = bytes.maketrans(b"0123456789", b"9876543210")


def canonical(text: str) -> str:
    """The one way in which DynamoDB writes this number. Raises ServiceError(ValidationException)."""
    if len(text) <= MOST_DIGITS and text.isascii() and text.isdigit() and text[0] != "0":
        return text
    if not text:
        raise invalid("The parameter cannot be converted to a numeric value")
    if not _FORM.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text}")
    return _write(Decimal(text))


def plus(left: str, right: str) -> str:
    """The sum. Raises ServiceError where it has too many digits or is out of range."""
    return _write(_EXACT.add(Decimal(left), Decimal(right)))


def minus(left: str, right: str) -> str:
    """The difference. Raises ServiceError where it has too many digits or is out of range."""
    return _write(_EXACT.subtract(Decimal(left), Decimal(right)))


def sortable(number: str) -> bytes:
    """Bytes in whose order canonical numbers are numerical: sign, exponent, digits."""
    value = Decimal(number)
    if not value:
        return _ZERO
    digits = number.lstrip("-").replace(".", "").strip("0").encode()
    exponent = value.adjusted() - _LOWEST
    if number[0] != "-":
        return _POSITIVE + bytes((exponent,)) + digits
    # The end mark is greater than any digit, so that of two numbers the one with more digits is the smaller.
    return _NEGATIVE + bytes((255 - exponent,)) + digits.translate(_COMPLEMENT) + b"\xff"


def stored_bytes(number: str) -> int:
    """What a canonical number counts in an item's size: two digits a byte, one for the exponent, one for a minus."""
    digits = number.lstrip("-").replace(".", "").strip("0")
    return 1 + (len(digits) + 1) // 2 + (number[0] == "-")


def _write(value: Decimal) -> str:
    if not value:
        return "0"
    if value.adjusted() > _HIGHEST:
        raise invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    if value.adjusted() < _LOWEST:
        raise invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
    shortest = value.normalize(_EXACT)
    if len(shortest.as_tuple().digits) > MOST_DIGITS:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    return format(shortest, "f")
