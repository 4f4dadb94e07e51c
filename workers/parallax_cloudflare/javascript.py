"""What JavaScript throws, as Python sees it."""

try:
    from pyodide.ffi import JsException
except ImportError:  # outside of a Worker, in tests, nothing throws it but them

    class JsException(Exception):  # type: ignore[no-redef]  # noqa: N818  # its name in Pyodide
        """Stands in for Pyodide's."""


__all__ = ["JsException"]
