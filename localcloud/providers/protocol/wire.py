"""Pulumi's generated messages, without the rest of the Pulumi SDK.

`import pulumi.runtime.proto` first runs `pulumi/__init__.py`, which costs a plugin 0.15 to 0.4 s at every start. The
generated modules need only each other, so they are loaded as a package of their own from the same folder.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_PACKAGE: Final = "_pulumi_wire"


def _folder() -> str:
    spec = importlib.util.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the Python package pulumi is missing; run `make up`, which installs it")
    return str(Path(next(iter(spec.submodule_search_locations))) / "runtime" / "proto")


def _load(name: str) -> Any:
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE)
        package.__path__ = [_folder()]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{name}")


provider: Final = _load("provider_pb2")
provider_grpc: Final = _load("provider_pb2_grpc")
plugin: Final = _load("plugin_pb2")
status: Final = _load("status_pb2")

Struct: Final[Any] = importlib.import_module("google.protobuf.struct_pb2").Struct
Empty: Final[Any] = importlib.import_module("google.protobuf.empty_pb2").Empty
AnyMessage: Final[Any] = importlib.import_module("google.protobuf.any_pb2").Any
