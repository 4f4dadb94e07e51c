"""A child that keeps the supervisor's contract (docs/architecture.md) and does nothing else.

`--misbehave exit` ends at once, `--misbehave failed` reports a failure of its own.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from localcloud.http import Request, Response, serve
from localcloud.http.message import json_response


async def answer(request: Request) -> Response:
    if request.path == "/die":
        os._exit(7)
    parts = [{"kind": "function", "name": "greet", "state": "idle", "detail": "python3.11"}]
    return json_response(200, {"healthy": True, "parts": parts})


async def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--misbehave")
    for name in ("--data", "--logs", "--control"):
        parser.add_argument(name)
    options = parser.parse_args()
    sys.stderr.write(f"hello from a part, PID {os.getpid()}\n")
    if options.misbehave == "exit":
        return 3
    if options.misbehave == "failed":
        sys.stdout.write('failed {"code": "DataDamaged", "message": "the data are damaged"}\n')
        return 1
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    loop.add_reader(0, ended.set)  # nothing is ever written, so readable means ended
    try:
        server = await serve(answer, port=options.port)
    except OSError:
        sys.stdout.write('failed {"code": "PortInUse", "message": "taken"}\n')
        return 1
    control = await serve(answer, socket_path=options.control)
    sys.stdout.write(f"ready {json.dumps({'port': server.port})}\n")
    sys.stdout.flush()
    await ended.wait()
    await server.close(0)
    await control.close(0)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
