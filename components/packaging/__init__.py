"""Deployment packages: the same sources give the same bytes on any machine.

A package is a `Tree`, built from folders (tree.py) and from requirements resolved for the cloud's platform
(resolve.py), checked against the cloud's limits (size.py), and written as one archive (archive.py) or as a folder of
modules, each in one step (write.py).
"""

from components.packaging.application import application_tree, source_tree, spec_of
from components.packaging.archive import archive_bytes
from components.packaging.platforms import Platform, lambda_platform, worker_platform
from components.packaging.resolve import Resolver
from components.packaging.size import check_size
from components.packaging.tree import Tree
from components.packaging.write import write_file, write_folder

__all__ = [
    "Platform",
    "Resolver",
    "Tree",
    "application_tree",
    "archive_bytes",
    "check_size",
    "lambda_platform",
    "source_tree",
    "spec_of",
    "worker_platform",
    "write_file",
    "write_folder",
]
