"""The Worker's modules: `workers/` and the application at the top, their packages below `python_modules/`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from components.limits import WORKER_LIMITS_SOURCE, WORKER_SIZE
from components.packaging import (
    Resolver,
    application_tree,
    check_size,
    source_tree,
    worker_platform,
    write_folder,
)
from components.project import Project
from components.settings import Settings

MAIN_MODULE = "entry.py"
PACKAGES = "python_modules"
MIGRATIONS = "migrations"
"""The folder in `workers/` that is applied, not uploaded."""

# As wrangler uploads them: own modules by their suffix, everything below python_modules/ as data.
_CONTENT_TYPES = {".py": "text/x-python", ".txt": "text/plain", ".wasm": "application/wasm"}
_DATA = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A file below the project, its SHA-256 in hexadecimal digits, and what kind of module it is uploaded as."""

    path: str
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The module that the Worker starts with, and all others by their names."""

    main: Module
    modules: Mapping[str, Module]


def build_package(project: Project, name: str, settings: Settings) -> Package:
    """Builds the folder of the component `name`. Raises PackagingError."""
    resolver = Resolver(project.package_cache, worker_platform(settings.compatibility_flags))
    tree = (
        resolver.resolve(project.requirements(settings, project.root / "workers"))
        .below(PACKAGES)
        .joined(source_tree(project.root / "workers").without(MIGRATIONS))
        .joined(application_tree(project.root / settings.application_path, settings.application))
    )
    size = sum(size for _, size in tree.sizes())
    check_size("the Worker with its packages", tree, size, WORKER_SIZE, WORKER_LIMITS_SOURCE)
    target = project.build / f"{name}-cloudflare"
    write_folder(tree, target)
    modules = {
        module: Module(
            path=project.relative(target / module),
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            content_type=_content_type(module),
        )
        for module, file in tree.files.items()
    }
    return Package(main=modules.pop(MAIN_MODULE), modules=modules)


def _content_type(module: str) -> str:
    if module.startswith(f"{PACKAGES}/"):
        return _DATA
    return _CONTENT_TYPES.get(PurePosixPath(module).suffix, _DATA)
