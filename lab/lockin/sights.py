"""Where a syntax tree says something that a vendor's shapes may be known by."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from lab.lockin.source import Source, documentation_of

Kind = Literal["key", "attribute", "access", "constant", "function", "parameters"]

_BY_KEY: Final = frozenset({"get", "pop", "setdefault"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One place: a mapping's key, an attribute, `owner.name` or `owner[key]`, a constant, a function, its parameters
    (joined by commas).
    """

    kind: Kind
    value: str
    line: int


def sights(source: Source) -> Iterator[Sight]:
    """All of a module, docstrings left out."""
    documentation = {id(node) for node in documentation_of(source.tree)}
    for node in ast.walk(source.tree):
        if id(node) not in documentation:
            yield from _seen(node)


def _seen(node: ast.AST) -> Iterator[Sight]:
    yield from (Sight(kind="key", value=key, line=line) for key, line in _keys(node))
    match node:
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(key))):
            yield Sight(kind="access", value=f"{_last(owner)}[{key}]", line=node.lineno)
        case ast.Attribute(value=owner, attr=name):
            yield Sight(kind="attribute", value=name, line=node.lineno)
            yield Sight(kind="access", value=f"{_last(owner)}.{name}", line=node.lineno)
        case ast.Constant(value=str(text)):
            yield Sight(kind="constant", value=text, line=node.lineno)
        case ast.Constant(value=bytes(octets)):
            yield Sight(kind="constant", value=octets.decode("latin-1"), line=node.lineno)
        case ast.FunctionDef(name=name, args=arguments) | ast.AsyncFunctionDef(name=name, args=arguments):
            yield Sight(kind="function", value=name, line=node.lineno)
            words = [each.arg.lstrip("_") for each in (*arguments.posonlyargs, *arguments.args)]
            yield Sight(kind="parameters", value=", ".join(words), line=node.lineno)


def _keys(node: ast.AST) -> Iterator[tuple[str, int]]:
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            yield key, node.lineno
        case ast.Call(func=ast.Attribute(attr=name), args=[ast.Constant(value=str(key)), *_]) if name in _BY_KEY:
            yield key, node.lineno
        case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn(), *_]):
            yield key, node.lineno
        case ast.Dict(keys=keys) | ast.MatchMapping(keys=keys):
            for each in keys:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value, each.lineno
        case ast.ClassDef(body=body):
            for statement in body:
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=name)):
                        yield name, statement.lineno


def _last(owner: ast.expr) -> str:
    match owner:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
