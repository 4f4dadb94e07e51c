"""The application's own files, and what it needs from a cloud."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from app.spec import SPEC, AppSpec
from components.errors import SourceMissingError
from components.packaging.tree import Tree, folder_tree


def source_tree(folder: Path) -> Tree:
    """A folder of sources, without its requirements files: what they name is deployed, not they."""
    return folder_tree(folder, leave_out=lambda name: fnmatch(name, "requirements*.txt") or fnmatch(name, "*.in"))


def application_tree(folder: Path, application: str) -> Tree:
    """The application's files as they are imported: a package (it has `__init__.py`) under its own name, of any other
    folder the contents. Raises SourceMissingError where `application`'s module is not among them.
    """
    if not folder.is_dir():
        raise SourceMissingError("applicationPath", str(folder), "there is no such folder")
    tree = source_tree(folder)
    if (folder / "__init__.py").is_file():
        tree = tree.below(folder.resolve().name)
    module = application.partition(":")[0].replace(".", "/")
    if not {f"{module}.py", f"{module}/__init__.py"} & tree.files.keys():
        found = ", ".join(name.removesuffix(".py").replace("/", ".") for name in tree.files if name.endswith(".py"))
        raise SourceMissingError(
            "application", application, f"applicationPath {str(folder)!r} has no such module; it has: {found or 'none'}"
        )
    return tree


def spec_of(application: str) -> AppSpec:
    """What the application needs: Parallax's own says so itself; of any other, all requests are handed to it."""
    return SPEC if application == SPEC.application else AppSpec(name="application", application=application)
