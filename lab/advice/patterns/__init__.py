"""Ways to build on functions that hurt, one a file: shown where an application's answers show one, with its figure."""

from __future__ import annotations

from typing import Final

from lab.advice.patterns import calls, chain, chatty_state, connections, large_package, polling, waiting
from lab.advice.rule import Rule

PATTERNS: Final[tuple[Rule, ...]] = (
    calls.RULE,
    chain.RULE,
    chatty_state.RULE,
    large_package.RULE,
    connections.RULE,
    polling.RULE,
    waiting.RULE,
)
