"""Whether a loopback port is free, and who has it if not."""

import socket

import psutil


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections still linger in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def holder(port: int) -> str | None:
    """`NAME (pid 123)` of who listens there; None where the system does not tell (another user's process)."""
    for process in psutil.process_iter(["pid", "name"]):
        try:
            # Per process, as macOS gives the whole table to root only.
            connections = process.net_connections(kind="tcp")
        except (psutil.Error, PermissionError):
            continue
        if any(found.status == psutil.CONN_LISTEN and found.laddr.port == port for found in connections):
            return f"{process.info['name']} (pid {process.info['pid']})"
    return None
