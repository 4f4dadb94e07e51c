"""Query parameters: none that a path does not take, and each at most once, so that no typo becomes a default."""

import re

from starlette.requests import Request

from app.errors import InvalidQueryError

_DIGITS = re.compile("[0-9]{1,9}")


def read_query(request: Request, *names: str) -> dict[str, str]:
    """The parameters that were sent.

    :param names: those that the path takes.
    :raises InvalidQueryError: for another one, or one sent twice.
    """
    taken = f"This path takes {', '.join(names)}, each at most once." if names else "This path takes none."
    parameters: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in names or name in parameters:
            raise InvalidQueryError(f"A query parameter is unknown or repeated. {taken}")
        parameters[name] = value
    return parameters


def whole_number(name: str, text: str, lowest: int, highest: int) -> int:
    """The value of the parameter ``name``.

    :raises InvalidQueryError: where it is not decimal digits of a number from ``lowest`` to ``highest``.
    """
    if _DIGITS.fullmatch(text) is None or not lowest <= (number := int(text)) <= highest:
        raise InvalidQueryError(f"{name} is not a whole number from {lowest} to {highest}.")
    return number
