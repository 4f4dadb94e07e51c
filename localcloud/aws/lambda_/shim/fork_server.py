"""SnapStart's stand-in: awslambdaric parks where the snapshot is taken, and each environment is forked from there.

Only `LambdaRuntimeClient.restore_next` is replaced. The host speaks over a Unix socket, a JSON line a message, with the
environment's log pipe as a file descriptor beside it: `{"id", "variables"}` in; `{"parked": true}`, `{"id", "pid"}` and
`{"pid", "status"}` (as os.waitstatus_to_exitcode) out. End of file ends the zygote.
"""

import gc
import json
import os
import select
import signal
import socket
from collections.abc import Callable
from typing import Any

from awslambdaric import lambda_runtime_client


def install(descriptor: int, die_with: Callable[[int], None]) -> None:
    """Makes this process fork at restore/next."""
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)

    def restore_next(client: Any) -> None:
        _serve(control, die_with)
        client.lambda_runtime_address = os.environ["AWS_LAMBDA_RUNTIME_API"]
        import runtime_client  # type: ignore[import-not-found] # noqa: PLC0415 - reads its address now

        lambda_runtime_client.runtime_client = runtime_client
        runtime_client.initialize_client(lambda_runtime_client._user_agent())  # noqa: SLF001

    lambda_runtime_client.LambdaRuntimeClient.restore_next = restore_next


def _serve(control: socket.socket, die_with: Callable[[int], None]) -> None:
    """Forks until the host goes away; returns in each child."""
    wake, notify = os.pipe()
    os.set_blocking(notify, False)
    os.set_blocking(wake, False)
    earlier = signal.signal(signal.SIGCHLD, lambda *_: None)
    earlier_wakeup = signal.set_wakeup_fd(notify, warn_on_full_buffer=False)
    children: set[int] = set()
    gc.collect()
    gc.freeze()  # children share these pages as long as no collection touches them
    _send(control, {"parked": True})
    while True:
        watched: list[Any] = [control, wake]
        readable, _, _ = select.select(watched, [], [])
        if wake in readable:
            os.read(wake, 4096)
            for pid in list(children):
                found, status = os.waitpid(pid, os.WNOHANG)
                if found:
                    children.discard(pid)
                    _send(control, {"pid": pid, "status": os.waitstatus_to_exitcode(status)})
        if control not in readable:
            continue
        data, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        if not data:
            os._exit(0)
        while not data.endswith(b"\n"):
            data += control.recv(65536)
        order = json.loads(data)
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(earlier_wakeup)
            signal.signal(signal.SIGCHLD, earlier or signal.SIG_DFL)
            control.close()
            os.close(wake)
            os.close(notify)
            os.setsid()
            die_with(parent)
            os.dup2(descriptors[0], 1)
            os.dup2(descriptors[0], 2)
            os.close(descriptors[0])
            os.environ.update(order["variables"])
            return
        os.close(descriptors[0])
        children.add(pid)
        _send(control, {"id": order["id"], "pid": pid})


def _send(control: socket.socket, message: dict[str, int]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")
