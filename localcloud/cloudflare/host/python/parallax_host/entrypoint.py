"""What the host asks of a Worker's main module: which entry points it has, and to answer a request.

Follows workerd's src/pyodide/internal/introspection.py: exported classes (`__all__` where there is one) that extend the
SDK's base classes; arguments and results cross by `python_from_rpc` and `python_to_rpc`; fetch drops surplus arguments.
"""

import inspect
import sys
from types import FunctionType, ModuleType
from typing import Any

from pyodide.ffi import JsProxy

from workers import Request, WorkerEntrypoint, python_to_rpc


def _exported(module: ModuleType) -> list[Any]:
    names = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    return [getattr(module, name) for name in names]


def _static(cls: type, name: str) -> Any:
    return next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None)


def handlers(module_name: str) -> list[str]:
    """The public methods of the main module's class `Default`; empty when it exports no such entry point."""
    for value in _exported(sys.modules[module_name]):
        if inspect.isclass(value) and issubclass(value, WorkerEntrypoint) and value.__name__ == "Default":
            return sorted(
                name
                for name in dir(value)
                if not name.startswith("_") and isinstance(_static(value, name), FunctionType)
            )
    return []


def _takes_request(fetch: Any) -> bool:
    try:
        inspect.signature(fetch).bind(None)
    except TypeError:
        return False
    return True


class Worker:
    """The main module's default entry point, called once a request."""

    def __init__(self, module_name: str) -> None:
        self._entrypoint: Any = next(
            value
            for value in _exported(sys.modules[module_name])
            if inspect.isclass(value) and value.__name__ == "Default"
        )
        self._takes_request: bool | None = None

    async def fetch(self, request: Any, context: Any, env: Any) -> Any:
        """The answer to `request` as a JavaScript Response; the entry point is made anew for each request."""
        instance = self._entrypoint(context, env)
        if self._takes_request is None:
            self._takes_request = _takes_request(instance.fetch)
        result = instance.fetch(Request(request)) if self._takes_request else instance.fetch()
        if inspect.isawaitable(result):
            result = await result
        return result if isinstance(result, JsProxy) else python_to_rpc(result)
