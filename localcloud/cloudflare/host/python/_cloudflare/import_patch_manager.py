"""Code that runs around the import of named modules, while the top level runs."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_Context = Callable[[Any], AbstractContextManager[None]]
_Handler = Callable[[ModuleType], None]


@dataclass(slots=True)
class _Patch:
    create: _Context = nullcontext
    execute: _Context = nullcontext
    after_snapshot: _Handler | None = None
    before_first_request: _Handler | None = None


class ImportPatches:
    """A finder that finds what has a patch, as `PathFinder` does, and wraps its loader."""

    def __init__(self) -> None:
        self._patches: dict[str, _Patch] = {}
        self._imported: list[tuple[_Patch, ModuleType]] = []

    def register(self, field: str, name: str, value: Any = None) -> Any:
        """Sets `field` of the patch of the module `name`; a decorator when there is no value yet."""
        if value is None:
            return partial(self.register, field, name)
        setattr(self._patches.setdefault(name, _Patch()), field, value)
        return value

    def install(self) -> None:
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def after_snapshot(self) -> None:
        """What was imported is checked. Raises what its handler raises."""
        for patch, module in self._imported:
            if patch.after_snapshot:
                patch.after_snapshot(module)

    def before_first_request(self) -> None:
        """What was imported may be used from now on."""
        for patch, module in self._imported:
            if patch.before_first_request:
                patch.before_first_request(module)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        patch = self._patches.get(name)
        spec = PathFinder.find_spec(name, path, target) if patch else None
        if patch is None or spec is None or spec.loader is None:
            return None
        create, execute = spec.loader.create_module, spec.loader.exec_module

        def create_module(spec: ModuleSpec) -> ModuleType | None:
            with patch.create(spec):
                return create(spec)

        def exec_module(module: ModuleType) -> None:
            self._imported.append((patch, module))
            with patch.execute(module):
                execute(module)

        spec.loader.create_module = create_module  # type: ignore[method-assign]
        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


patches = ImportPatches()
register_create_patch = partial(patches.register, "create")
register_exec_patch = partial(patches.register, "execute")
register_after_snapshot = partial(patches.register, "after_snapshot")
register_before_first_request = partial(patches.register, "before_first_request")


def block_calls(module: ModuleType, *, allowlist: Sequence[str] = ()) -> None:
    """Cloudflare lets calls not in `allowlist` fail at the top level. Here the check after it finds them."""
