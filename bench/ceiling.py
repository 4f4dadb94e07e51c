"""What one runtime reaches by itself, with its next event always ready: no front door on this machine can pass it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import uvloop

from bench.event import BODY, echo_event
from localcloud.aws.lambda_.runtime_api import RuntimeApi
from tools.environment import local_environment
from tools.node_packages import host_node
from tools.places import LAMBDA_RUNTIMES, ROOT

_HANDLER = "functions.http.handler"
_VARIABLES = {"PARALLAX_APPLICATION": "app.api:app"}
_HEAD = (
    b"Content-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
    b"Lambda-Runtime-Deadline-Ms: 4102444800000\r\n"
    b"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n"
)
_WARM_UP_SECONDS = 1.5


class _Busy:
    """A runtime's other end, which has an event for each poll."""

    def __init__(self, event: bytes) -> None:
        self.api = RuntimeApi(self)
        self.answers = 0
        self._event = event

    def polled(self) -> None:
        self.api.send(_HEAD, self._event)

    def awaited(self) -> bool:
        return True

    def answered(self, request_id: str, body: bytes) -> bool:
        self.answers += 1
        return True

    def raised(self, request_id: str, body: bytes) -> bool:
        raise RuntimeError(f"the function failed: {body[:500].decode('utf-8', 'replace')}")

    def initialisation_failed(self, body: bytes) -> None:
        raise RuntimeError(f"the function could not be initialised: {body[:500].decode('utf-8', 'replace')}")


def awslambdaric(package: Path, runtime: str, seconds: float, count: int) -> float:
    """Echoes a second of so many awslambdaric together, on an unpacked package and a declared runtime (python3.13)."""
    rate: float = uvloop.run(_together(package, runtime, seconds, count))
    return rate


async def _together(package: Path, runtime: str, seconds: float, count: int) -> float:
    return sum(await asyncio.gather(*(_awslambdaric(package, runtime, seconds) for _ in range(count))))


async def _awslambdaric(package: Path, runtime: str, seconds: float) -> float:
    busy = _Busy(echo_event())
    await busy.api.open()
    home = LAMBDA_RUNTIMES / runtime
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((str(home / "site"), str(package))),
        "LAMBDA_TASK_ROOT": str(package),
        "AWS_LAMBDA_RUNTIME_API": busy.api.address,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/bench",
        "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
        **_VARIABLES,
    }
    interpreter = (home / "interpreter").read_text().strip()
    process = await asyncio.create_subprocess_exec(interpreter, "-m", "awslambdaric", _HANDLER, env=environment)
    try:
        await asyncio.sleep(_WARM_UP_SECONDS)
        before, started = busy.answers, time.perf_counter()
        await asyncio.sleep(seconds)
        return (busy.answers - before) / (time.perf_counter() - started)
    finally:
        process.kill()
        await process.wait()
        busy.api.close()


def isolate(package: Path, calls: int, folder: Path) -> tuple[float, list[int]]:
    """Calls a second of one isolate with the same SDK call and no HTTP, and three new isolates' ms to first answer."""
    script = Path(tempfile.mkdtemp(prefix="script-", dir=folder))
    (script / "modules").symlink_to(package, target_is_directory=True)
    command = [str(host_node()), str(ROOT / "localcloud" / "cloudflare" / "host" / "bench.mjs")]
    bindings = [f"{name}={value}" for name, value in _VARIABLES.items()]
    options = ["--folder", str(script), "--calls", str(calls), "--body", BODY, "--binding", *bindings]
    environment = local_environment(folder)
    done = subprocess.run(
        [*command, *options], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    answer = json.loads(done.stdout)
    if answer["status"] != 200:
        raise RuntimeError(f"the isolate answered {answer['status']}")
    return float(answer["calls_per_second"]), answer["first_answer_ms"]
