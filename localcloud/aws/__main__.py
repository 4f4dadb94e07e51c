"""The local AWS as a child of the supervisor (its contract is in docs/architecture.md)."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import gc
import json
import logging
import signal
import sys
from pathlib import Path

import uvloop

from localcloud.aws.application import Application, Settings
from localcloud.key_file import KeyFileError
from localcloud.port import holder


def main() -> int:
    """Runs until standard input ends or SIGTERM comes; 1 where it could not start."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("botocore", "moto", "werkzeug", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    code: int = uvloop.run(_serve(_settings()))
    return code


def _settings() -> Settings:
    parser = argparse.ArgumentParser(prog="python -m localcloud.aws")
    parser.add_argument("--port", type=int, default=4566, help="0: any free one")
    parser.add_argument("--data", type=Path, required=True, help="the folder of all that survives a stop")
    parser.add_argument("--logs", type=Path, required=True, help="where functions.log goes")
    parser.add_argument("--control", required=True, help="the Unix socket that answers GET /status")
    parser.add_argument("--region", default="us-east-1", help="the region of resources whose call names none")
    parser.add_argument("--runtimes", type=Path, default=None, help="a folder with further Python interpreters")
    parser.add_argument("--max-environments", type=int, default=10, help="the most environments a function scales to")
    parser.add_argument("--model", type=Path, default=None, help="the file that says how the text model behaves")
    found = parser.parse_args()
    return Settings(
        port=found.port,
        data=found.data,
        logs=found.logs,
        control=found.control,
        region=found.region,
        runtimes=found.runtimes,
        max_environments=found.max_environments,
        model=found.model,
    )


async def _serve(settings: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    application = Application(settings)
    try:
        port = await application.start()
    except KeyFileError as error:
        await application.close()
        _say("failed", {"code": error.code, "message": str(error)})
        return 1
    except OSError as error:
        await application.close()
        if error.errno != errno.EADDRINUSE:
            raise
        owner = holder(settings.port)
        text = f"port {settings.port} is in use by {owner or 'another process'}; end it, or choose another port"
        _say("failed", {"code": "PortInUse", "message": text})
        return 1
    _say("ready", {"port": port})
    gc.freeze()
    watching = asyncio.create_task(_end_of_input(stop))
    await stop.wait()
    watching.cancel()
    await application.close()
    return 0


async def _end_of_input(stop: asyncio.Event) -> None:
    reader = asyncio.StreamReader()
    with contextlib.suppress(OSError, ValueError):
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while await reader.read(4096):
            pass
        stop.set()


def _say(word: str, fields: dict[str, object]) -> None:
    sys.stdout.write(f"{word} {json.dumps(fields)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
