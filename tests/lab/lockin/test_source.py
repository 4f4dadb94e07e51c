"""Lines of code: what counts and what does not."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.lockin.source import UnreadableError, code_lines, read_source

# Statements with their lines of code, and what holds none.
CODE = (("a = 1", 1), ("def f(x):\n    return x", 2), ("b = (\n    2,\n\n)", 3), ('c = """\n# text\n"""', 3))
NO_CODE = (("", 0), ("# comment", 0), ('"""Words."""', 0), ("'''Words\n\nin lines.\n'''", 0), ("'a' 'b'", 0))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ("\n\n# only a comment\n", 0),
        ('"""A module\'s docstring\n\nof three lines."""\n', 0),
        ("a = 1  # with a comment\n", 1),
        ('def f() -> None:\n    """Docstring."""\n', 1),
        ('def f() -> None: "docstring beside code"\n', 1),
        ('class A:\n    x: int\n    """An attribute\'s docstring."""\n\n    y: int\n', 3),
        ('"ä" "docstrings in"\n"""bytes and letters"""; b = 1\n', 1),
        ('sql = """\nSELECT 1\n\n-- a comment of SQL\n"""\n', 4),
        ("call(\n    1,\n\n    # between\n    2,\n)\n", 4),
        ('"docstring"\n"a".join(b)\n', 1),
        ("if a and \\\n   b:\n    pass\n", 3),
        ("x = f'''{\n1}\n'''\n", 3),
        ("a = 1; b = 2\r\nc = 3\r\n", 2),
    ],
)
def test_lines_that_hold_code_count(tmp_path: Path, text: str, lines: int) -> None:
    (tmp_path / "module.py").write_bytes(text.encode())
    assert read_source(tmp_path, "module.py").lines == lines


@given(st.lists(st.sampled_from(CODE + NO_CODE), max_size=20))
def test_the_lines_of_a_module_are_those_of_its_statements(parts: list[tuple[str, int]]) -> None:
    text = "".join(f"{part}\n" for part, _ in parts)
    assert code_lines(text, ast.parse(text)) == sum(lines for _, lines in parts)


def test_a_file_says_its_own_encoding(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_bytes("# -*- coding: latin-1 -*-\nname = 'Zürich'\n".encode("latin-1"))
    assert read_source(tmp_path, "module.py").lines == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"print 'of another Python'\n", "module.py:1: "),
        (b"a = 1\n\xff\n", "module.py"),
        (b"a = '\0'\n", "module.py"),
        (b"# coding: no-such\n", "module.py"),
    ],
)
def test_what_is_no_python_is_named_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "module.py").write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        read_source(tmp_path, "module.py")
