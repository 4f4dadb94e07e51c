"""Physical names for resources that the program did not name.

The rule is the bridge's (pulumi/pulumi-terraform-bridge `pkg/tfbridge/names.go`): `LOGICAL-` and 7 hexadecimal digits,
the logical part cut to the service's limit, kept for life. The digits come from the identity instead of the random
seed; `identity.py` says why. `pulumi:autonaming` is honoured; a pattern with random parts gives up that repeatability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from localcloud.providers.protocol.identity import Identity

_DIGITS: Final = 7

DEFAULTS: Final = "__defaults"
"""The input in which the bridge, too, lists what the provider and not the program chose."""


@dataclass(frozen=True, slots=True)
class AutoName:
    """Which property is the name, how long the service lets it be, and the property that holds a prefix, if any.

    `head`: what every name of that kind begins with, such as `alias/`.
    """

    property: str = "name"
    limit: int = 64
    prefix: str | None = None
    head: str = ""


@dataclass(frozen=True, slots=True)
class NamingOption:
    """What `pulumi:autonaming` asks for this resource."""

    mode: Literal["propose", "enforce", "disable"]
    proposed: str


class NameRequiredError(Exception):
    """Automatic naming is off, and the program gave no name."""


def automatic_name(
    rule: AutoName, identity: Identity, news: Mapping[str, Any], olds: Mapping[str, Any], option: NamingOption | None
) -> str:
    """The name for a resource whose program gave none: the old one if that was automatic too, else a derived one."""
    if rule.property in olds and rule.property in olds.get(DEFAULTS, ()):
        return str(olds[rule.property])
    prefix = news.get(rule.prefix) if rule.prefix else None
    if isinstance(prefix, str):
        return f"{prefix}{identity.digest[:_DIGITS]}"
    if option is not None and option.mode == "disable":
        raise NameRequiredError(f"set {rule.property}: automatic naming is off (pulumi:autonaming)")
    if option is not None and option.proposed:
        proposed = option.proposed if option.proposed.startswith(rule.head) else rule.head + option.proposed
        return proposed if option.mode == "enforce" else proposed[: rule.limit]
    room = rule.limit - len(rule.head) - _DIGITS - 1
    return f"{rule.head}{identity.logical_name[:room]}-{identity.digest[:_DIGITS]}"
