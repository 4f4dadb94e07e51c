"""What a module imports, and which file that is."""

from pathlib import Path

from lab.lockin.imports import Modules
from lab.lockin.source import read_source
from tests.lab.lockin.tree import tree


def test_imports_of_every_kind_are_seen_with_their_lines(tmp_path: Path) -> None:
    text = (
        "import json, os.path\n"
        "from . import sibling\n"
        "from ..above import thing as other\n"
        "def f():\n"
        "    from importlib import import_module\n"
        "    return import_module('boto3.session'), __import__('botocore'), import_module(name)\n"
    )
    tree(tmp_path, {"a/b/module.py": text})
    modules = Modules(["a/b/module.py", "a/b/sibling.py", "a/above.py"], ["."])
    found = {(each.dotted, each.line) for each in modules.imports(read_source(tmp_path, "a/b/module.py"))}
    assert found == {
        ("json", 1), ("os.path", 1), ("a.b.sibling", 2), ("a.above.thing", 3),
        ("importlib.import_module", 5), ("boto3.session", 6), ("botocore", 6),
    }  # fmt: skip
    paths = {modules.path_of(each) for each in modules.imports(read_source(tmp_path, "a/b/module.py"))}
    assert paths == {None, "a/b/sibling.py", "a/above.py"}


def test_a_package_imports_relative_to_itself(tmp_path: Path) -> None:
    tree(tmp_path, {"a/__init__.py": "from .inner import x\n"})
    modules = Modules(["a/__init__.py", "a/inner.py"], ["."])
    (found,) = modules.imports(read_source(tmp_path, "a/__init__.py"))
    assert modules.path_of(found) == "a/inner.py"


def test_a_root_inside_another_is_no_package_of_it() -> None:
    paths = ["workers/entry.py", "workers/own/state.py", "app/api.py"]
    inner = Modules(paths, [".", "workers"])
    assert not inner.is_own("workers.asgi")
    assert inner.is_own("own.state")
    assert inner.name_of("workers/own/state.py") == "own.state"
    assert Modules(paths, ["."]).is_own("workers.asgi")
