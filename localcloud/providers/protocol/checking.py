"""Check: a program's inputs with defaults and a name, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.providers.protocol.identity import Identity
from localcloud.providers.protocol.marks import reveal
from localcloud.providers.protocol.naming import DEFAULTS, NameRequiredError, NamingOption, automatic_name
from localcloud.providers.protocol.resource import Resource
from localcloud.providers.protocol.schema import Failure, failures, guarded, with_defaults


def check(
    resource: Resource[Any],
    news: Mapping[str, Any],
    olds: Mapping[str, Any],
    identity: Identity,
    naming: NamingOption | None,
) -> tuple[dict[str, Any], list[Failure]]:
    """The inputs to keep in state (`__defaults` names what the program left to the provider), and all failures."""
    given = {name: value for name, value in news.items() if name != DEFAULTS}
    found = list(failures(given, resource.inputs))
    inputs = with_defaults(given, resource.inputs)
    rule = resource.name
    if rule is not None and rule.property not in inputs:
        try:
            inputs[rule.property] = automatic_name(rule, identity, reveal(inputs), reveal(olds), naming)
        except NameRequiredError as error:
            found.append(Failure(rule.property, str(error)))
    if not found:
        found += resource.check(reveal(inputs))
    inputs = resource.mark(inputs)
    inputs[DEFAULTS] = sorted(name for name in inputs if reveal(given.get(name)) is None)
    return guarded(inputs, resource.inputs), found
