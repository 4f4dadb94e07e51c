"""Whether a package fits its cloud."""

from __future__ import annotations

from collections import Counter

from components.errors import PackageTooLargeError
from components.packaging.tree import Tree

_LISTED = 8


def check_size(what: str, tree: Tree, size: int, limit: int, source: str) -> None:
    """Raises PackageTooLargeError with the largest parts when `size` is over `limit` (bytes).

    A part is a top-level package or module; of `python_modules/`, what is directly below it.
    """
    if size <= limit:
        return
    parts: Counter[str] = Counter()
    for name, part_size in tree.sizes():
        parts["/".join(name.split("/")[: 2 if name.startswith("python_modules/") else 1])] += part_size
    raise PackageTooLargeError(what, size, limit, source, tuple(parts.most_common(_LISTED)))
