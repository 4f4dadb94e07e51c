"""The Lambda function's deployment package: `functions/`, the application and its packages, in one archive."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from components.limits import LAMBDA_LIMITS_SOURCE, LAMBDA_UNZIPPED, LAMBDA_ZIPPED
from components.packaging import (
    Resolver,
    application_tree,
    archive_bytes,
    check_size,
    lambda_platform,
    source_tree,
    write_file,
)
from components.project import Project
from components.settings import Settings

# Below this no archive is compressed (see archive_bytes); the rest is room for the archive's own entries.
_STORED = LAMBDA_ZIPPED * 9 // 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An archive below the project, and the hash by which Lambda knows it (base64 of SHA-256)."""

    path: str
    sha256: str


def build_package(project: Project, name: str, settings: Settings) -> Package:
    """Builds the archive of the component `name`. Raises PackagingError."""
    resolver = Resolver(project.package_cache, lambda_platform(settings.runtime, settings.architecture))
    tree = (
        resolver.resolve(project.requirements(settings, project.root / "functions"))
        .joined(source_tree(project.root / "functions").below("functions"))
        .joined(application_tree(project.root / settings.application_path, settings.application))
    )
    unzipped = sum(size for _, size in tree.sizes())
    check_size("the unzipped Lambda package", tree, unzipped, LAMBDA_UNZIPPED, LAMBDA_LIMITS_SOURCE)
    content = archive_bytes(tree, store_up_to=_STORED)
    check_size("the zipped Lambda package", tree, len(content), LAMBDA_ZIPPED, LAMBDA_LIMITS_SOURCE)
    target = project.build / f"{name}-aws.zip"
    write_file(content, target)
    return Package(path=project.relative(target), sha256=base64.b64encode(hashlib.sha256(content).digest()).decode())
