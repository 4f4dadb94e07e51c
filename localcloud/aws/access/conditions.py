"""The Condition element of policies.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html. What is
not implemented (dates, IP addresses, binary values, keys that no service here sets) raises Unknown; the caller then
decides against the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from localcloud.aws.access.patterns import matches, resolved

Keys = Mapping[str, str | Sequence[str]]
"""The condition keys of a call, in lower case; several values for those that AWS calls multivalued."""

_KNOWN = frozenset({
    "aws:calledvia", "aws:epochtime", "aws:principalaccount", "aws:principalarn", "aws:principaltype",
    "aws:requestedregion", "aws:resourceaccount", "aws:securetransport", "aws:sourceaccount", "aws:sourcearn",
    "aws:viaawsservice", "bedrock:inferenceprofilearn", "kms:calleraccount", "kms:encryptioncontextkeys",
    "kms:viaservice", "secretsmanager:versionid", "secretsmanager:versionstage",
})  # fmt: skip
_KNOWN_PREFIXES = ("kms:encryptioncontext:",)

Test = Callable[[str, str], bool]
"""(value of the request, value of the policy)"""


class Unknown(Exception):  # noqa: N818 - not an error: a condition that cannot be judged
    """An operator or key that is not implemented; the text names it."""


def _number(test: Callable[[float, float], bool]) -> Test:
    def compare(actual: str, wanted: str) -> bool:
        try:
            return test(float(actual), float(wanted))
        except ValueError:
            return False

    return compare


def _arn(actual: str, wanted: str) -> bool:
    # Each of the six parts is matched by itself, so that no wildcard reaches over a colon before the resource.
    ours, theirs = actual.split(":", 5), wanted.split(":", 5)
    return len(ours) == len(theirs) == 6 and all(map(matches, theirs, ours))


_POSITIVE: Mapping[str, Test] = {
    "stringequals": lambda actual, wanted: actual == wanted,
    "stringequalsignorecase": lambda actual, wanted: actual.casefold() == wanted.casefold(),
    "stringlike": lambda actual, wanted: matches(wanted, actual),
    "numericequals": _number(lambda a, b: a == b),
    "numericlessthan": _number(lambda a, b: a < b),
    "numericlessthanequals": _number(lambda a, b: a <= b),
    "numericgreaterthan": _number(lambda a, b: a > b),
    "numericgreaterthanequals": _number(lambda a, b: a >= b),
    "bool": lambda actual, wanted: actual.casefold() == wanted.casefold(),
    "arnequals": _arn,
    "arnlike": _arn,
}
_NEGATED: Mapping[str, Test] = {
    "stringnotequals": _POSITIVE["stringequals"],
    "stringnotequalsignorecase": _POSITIVE["stringequalsignorecase"],
    "stringnotlike": _POSITIVE["stringlike"],
    "numericnotequals": _POSITIVE["numericequals"],
    "arnnotequals": _arn,
    "arnnotlike": _arn,
}


def holds(condition: Mapping[str, Mapping[str, object]], keys: Keys) -> bool:
    """Whether all operators hold for all their keys. Raises Unknown."""
    return all(
        _holds(operator, key, _values(wanted), keys)
        for operator, wanted_by_key in condition.items()
        for key, wanted in wanted_by_key.items()
    )


def _holds(operator: str, key: str, wanted: Sequence[str], keys: Keys) -> bool:
    key = key.lower()
    if key not in _KNOWN and not key.startswith(_KNOWN_PREFIXES):
        raise Unknown(f"the condition key {key}")
    quantifier, _, name = operator.lower().rpartition(":")
    found = keys.get(key)
    actual = () if found is None else (found,) if isinstance(found, str) else tuple(found)
    if name == "null":
        return (wanted[0].lower() == "true") == (found is None)
    optional, name = name.endswith("ifexists"), name.removesuffix("ifexists")
    negated = name in _NEGATED
    test = _NEGATED.get(name) or _POSITIVE.get(name)
    if test is None or quantifier not in ("", "forallvalues", "foranyvalue"):
        raise Unknown(f"the condition operator {operator}")
    if not actual:
        return optional or negated or quantifier == "forallvalues"
    expected = [value for value in (resolved(value, keys) for value in wanted) if value is not None]
    one = [any(test(value, other) for other in expected) != negated for value in actual]
    return any(one) if quantifier == "foranyvalue" else all(one)


def _values(wanted: object) -> list[str]:
    found = wanted if isinstance(wanted, list) else [wanted]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in found]
