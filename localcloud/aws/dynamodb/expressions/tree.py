"""What expressions are made of. The same classes before and after names and values are put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from localcloud.aws.dynamodb.values import Value

Path: TypeAlias = tuple[str | int, ...]
"""Steps into a document: names of attributes, indexes of lists."""

Comparator = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute, or a place in one."""

    path: Path


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A `:value` that was not yet looked up."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that the request brought."""

    value: Value


@dataclass(frozen=True, slots=True)
class Call:
    """A function of operands; `size` is an operand itself, the others are conditions or parts of an update."""

    name: str
    arguments: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum or a difference, in SET."""

    operator: Literal["+", "-"]
    left: Operand
    right: Operand


Operand: TypeAlias = Reference | Placeholder | Constant | Call | Arithmetic


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands, compared."""

    operator: Comparator
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Between:
    """An operand within bounds, both included."""

    operand: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """An operand that equals one of several."""

    operand: Operand
    options: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """AND and OR."""

    operator: Literal["AND", "OR"]
    left: Condition
    right: Condition


Condition: TypeAlias = Compare | Between | Among | Call | Not | Both


@dataclass(frozen=True, slots=True)
class Action:
    """One change of an update; `value` is None for REMOVE."""

    section: Literal["SET", "REMOVE", "ADD", "DELETE"]
    path: Path
    value: Operand | None = None


def shown(path: Path) -> str:
    """A path as errors show it."""
    return "[" + ", ".join(f"[{step}]" if isinstance(step, int) else step for step in path) + "]"
