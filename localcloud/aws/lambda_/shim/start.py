"""Starts awslambdaric in this process: `python -I -S -B start.py SITE PARENT HANDLER [CONTROL_FD]`.

SITE holds awslambdaric. PARENT is the host's pid: the process dies with it (Linux; elsewhere awslambdaric's poll breaks
when the host goes, and it exits). With CONTROL_FD the process becomes a zygote: once initialised it
is forked on request.
`sys.path` is Lambda's: the function's own code, then layers, the runtime's packages and the standard library.
"""

import os
import site
import sys
from typing import Any

_PDEATHSIG, _KILL = 1, 9


def die_with(parent: int) -> None:
    """Asks Linux to kill this process when its parent dies; ends it if that happened already."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(_PDEATHSIG, _KILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def main(runtime_site: str, parent: str, handler: str, control: str | None = None) -> None:
    """Runs the real bootstrap; does not return before the function's process ends."""
    die_with(int(parent))
    site.setquit()  # exit() and quit() exist on Lambda; -S left them out
    site.sethelper()
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib costs milliseconds at each start
    library = [entry for entry in sys.path if entry and os.path.abspath(entry) != here]  # noqa: PTH100
    sys.path[:] = [runtime_site, *library]
    if control is not None:
        # The C client reads its address when it is loaded; each fork has its own, so it is loaded after the fork.
        absent: Any = None  # awslambdaric copes with its absence
        sys.modules["runtime_client"] = absent
    import awslambdaric.__main__ as runtime  # noqa: PLC0415 - from SITE, before the function can shadow it

    if control is not None:
        sys.path.insert(0, here)
        import fork_server  # type: ignore[import-not-found] # noqa: PLC0415

        del sys.path[0]
        del sys.modules["runtime_client"]
        fork_server.install(int(control), die_with)
    added = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:] = [os.environ["LAMBDA_TASK_ROOT"], *added, runtime_site, *library]
    sys.argv = [sys.argv[0], handler]
    runtime.main(sys.argv)


if __name__ == "__main__":
    main(*sys.argv[1:])
