"""A Python file: its syntax tree and its lines of code."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_NO_CODE: Final = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of a repository; `path` from its root, with slashes. `lines` are lines of code."""

    path: str
    tree: ast.Module
    lines: int


class UnreadableError(Exception):
    """No Python of this interpreter's; the text says where."""


def read_source(root: Path, path: str) -> Source:
    """Raises UnreadableError."""
    try:
        with tokenize.open(root / path) as file:
            text = file.read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the analysed code: an odd escape, a comparison with `is`
            tree = ast.parse(text)
        return Source(path=path, tree=tree, lines=code_lines(text, tree))
    except SyntaxError as error:  # of the encoding's name as well
        raise UnreadableError(f"{path}:{error.lineno or 1}: {error.msg}") from error
    except (OSError, ValueError, RecursionError, tokenize.TokenError) as error:
        raise UnreadableError(f"{path}: {error}") from error


def code_lines(text: str, tree: ast.Module) -> int:
    """How many lines of `text` hold code: no blank lines, comments or docstrings. A string that stands by itself as a
    statement is a docstring, wherever it stands.
    """
    lines = text.split("\n")
    documentation = set(_documentation(tree, lines))
    code: set[int] = set()
    documents = False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in _NO_CODE:
            documents = documents and token.type != tokenize.NEWLINE
            continue
        # Strings in a row are one.
        documents = token.type == tokenize.STRING and (documents or token.start in documentation)
        if not documents:
            code.update(range(token.start[0], token.end[0] + 1))
    return sum(bool(lines[number - 1].strip()) for number in code)


def _documentation(tree: ast.Module, lines: list[str]) -> Iterator[tuple[int, int]]:
    for node in documentation_of(tree):
        # Trees count in bytes of UTF-8, tokens in characters.
        column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
        yield node.lineno, column


def documentation_of(tree: ast.Module) -> Iterator[ast.Constant]:
    """The strings that stand by themselves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value
