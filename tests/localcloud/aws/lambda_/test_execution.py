"""Functions in real processes."""

import asyncio
import base64
import json
import os
from collections.abc import Callable
from typing import Any

import psutil
import pytest

from localcloud.aws.lambda_ import environment
from localcloud.aws.protocol.service import ServiceError
from tests.localcloud.aws.lambda_.conftest import archive

pytestmark = pytest.mark.anyio

_KINDS = """
import os, time
def h(event, context):
    kind = event.get("kind")
    if kind == "raise": raise ValueError("secret")
    if kind == "exit": os._exit(3)
    if kind == "sleep": time.sleep(30)
    if kind == "memory":
        kept = bytearray(300 * 2**20)
        time.sleep(10)
    if kind == "large": return "x" * (7 * 2**20)
    if kind == "object": return object()
    return dict(os.environ)
"""


@pytest.mark.parametrize(
    ("kind", "error_type"),
    [
        ("raise", "ValueError"),
        ("exit", "Runtime.ExitError"),
        ("sleep", "Sandbox.Timedout"),
        ("memory", "Runtime.ExitError"),
        ("large", "Function.ResponseSizeTooLarge"),
        ("object", "Runtime.MarshalError"),
    ],
)
async def test_every_failure_is_lambdas_own_and_the_next_call_works(cloud: Any, kind: str, error_type: str) -> None:
    await cloud.create("f", _KINDS, Timeout=1 if kind == "sleep" else 10)
    answer = await cloud.invoke("f", json.dumps({"kind": kind}).encode(), LogType="Tail")
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"])["errorType"] == error_type
    assert b"REPORT RequestId" in base64.b64decode(answer["LogResult"])
    assert "FunctionError" not in await cloud.invoke("f")


@pytest.mark.parametrize(
    ("code", "error_type"),
    [
        ("import missing_module", "Runtime.ImportModuleError"),
        ("def h(", "Runtime.UserCodeSyntaxError"),
        ("x = 1", "Runtime.HandlerNotFound"),
        ("import os; os._exit(2)", "Runtime.ExitError"),
        ("raise KeyError('x')", "KeyError"),
    ],
)
async def test_failed_initialisation(cloud: Any, code: str, error_type: str) -> None:
    await cloud.create("f", code)
    for _ in range(2):
        answer = await cloud.invoke("f")
        assert (answer["FunctionError"], json.loads(answer["Payload"])["errorType"]) == ("Unhandled", error_type)


async def test_a_start_over_its_limit_is_tried_again_within_the_invocation(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "INITIALISATION_LIMIT", 1.5)
    await cloud.create("f", "import time\ntime.sleep(2.2)\ndef h(e, c): return 1", Timeout=8)
    assert (await cloud.invoke("f"))["Payload"] == b"1"
    told = [line for _, _, line in cloud.recorder.lines if line.startswith("INIT_REPORT")]
    assert [line.split("\t")[1:] for line in told] == [["Phase: init", "Status: timeout"]]

    await cloud.create("g", "import time\ntime.sleep(30)\ndef h(e, c): return 1", Timeout=2)
    answer = await cloud.invoke("g")
    told = json.loads(answer["Payload"])
    assert (answer["FunctionError"], told["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert told["errorMessage"].endswith("Task timed out after 2.00 seconds")


async def test_threads_sockets_and_compiled_modules_work(cloud: Any) -> None:
    code = (
        "import ctypes, socket, threading\ndef h(e, c):\n here, there = socket.socketpair()\n"
        " thread = threading.Thread(target=there.sendall, args=(b'hi',))\n thread.start()\n thread.join()\n"
        " return [here.recv(2).decode(), ctypes.sizeof(ctypes.c_int64)]"
    )
    await cloud.create("f", code)
    assert json.loads((await cloud.invoke("f"))["Payload"]) == ["hi", 8]


async def test_a_request_over_6_mb_does_not_reach_the_function(cloud: Any) -> None:
    await cloud.create("f", "def h(e, c): return 0")
    largest = b'"' + b"x" * (6 * 2**20 - 2) + b'"'
    assert (await cloud.invoke("f", largest))["Payload"] == b"0"
    with pytest.raises(ServiceError) as refused:
        await cloud.invoke("f", largest + b" ")
    assert (refused.value.code, refused.value.status) == ("RequestTooLargeException", 413)


async def test_reserved_concurrency_throttles_what_is_beyond_it(cloud: Any) -> None:
    await cloud.create("f", "import time\ndef h(e, c): time.sleep(1)")
    await cloud.call("PutFunctionConcurrency", FunctionName="f", ReservedConcurrentExecutions=1)
    answers = await asyncio.gather(*(cloud.invoke("f") for _ in range(3)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, ServiceError)]
    assert [(found.code, found.status) for found in refused] == [("TooManyRequestsException", 429)] * 2


async def test_state_of_a_process_and_its_files_last_as_long_as_it(cloud: Any) -> None:
    code = (
        "import os, tempfile\nn = 0\npath = tempfile.mkstemp()[1]\ndef h(e, c):\n global n\n n += 1\n"
        " with open(path, 'a') as f: f.write('x')\n return [n, os.path.getsize(path)]"
    )
    await cloud.create("f", code)
    assert [json.loads((await cloud.invoke("f"))["Payload"]) for _ in range(2)] == [[1, 1], [2, 2]]


@pytest.mark.parametrize("snap_start", ["None", "PublishedVersions"])
async def test_what_runs_on_after_the_answer_is_frozen_until_the_next_call(cloud: Any, snap_start: str) -> None:
    code = (
        "import threading, time\nn = 0\ndef count():\n global n\n while True:\n  n += 1\n  time.sleep(.01)\n"
        "thread = None\ndef h(e, c):\n global thread\n if thread is None:\n"
        "  thread = threading.Thread(target=count, daemon=True)\n  thread.start()\n return n"
    )
    await cloud.create("f", code, SnapStart={"ApplyOn": snap_start})
    await cloud.publish("f")
    before = int((await cloud.invoke("f:1"))["Payload"])
    await asyncio.sleep(1)
    assert int((await cloud.invoke("f:1"))["Payload"]) - before < 40, "it counts to 100 a second while it runs"


async def test_nothing_of_the_user_leaks_in(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLAX_MARKER", "leak")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "leak")
    await cloud.create("f", _KINDS, Environment={"Variables": {"OWN": "1"}})
    seen = json.loads((await cloud.invoke("f"))["Payload"])
    assert "leak" not in seen.values()
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "us-east-1"
    assert (seen["OWN"], seen["_HANDLER"], seen["AWS_EXECUTION_ENV"]) == ("1", "m.h", "AWS_Lambda_python3.13")


async def test_one_request_at_a_time_and_scaling_to_the_limit(cloud: Any) -> None:
    body = "busy += 1\n n = busy\n time.sleep(.05)\n busy -= 1\n return [os.getpid(), n]"
    code = f"import os, time\nbusy = 0\ndef h(e, c):\n global busy\n {body}"
    await cloud.create("f", code)
    answers = await asyncio.gather(*(cloud.invoke("f") for _ in range(12)))
    seen = [json.loads(answer["Payload"]) for answer in answers]
    assert {count for _, count in seen} == {1}
    assert 2 <= len({pid for pid, _ in seen}) <= 3


async def gone(pids: set[int]) -> bool:
    """Whether all these processes end within five seconds."""
    for _ in range(250):
        if not any(psutil.pid_exists(pid) for pid in pids):
            return True
        await asyncio.sleep(0.02)
    return False


@pytest.mark.parametrize("cloud", [0.3], indirect=True)
async def test_idle_environments_end_and_the_next_call_gets_a_new_one(cloud: Any) -> None:
    await cloud.create("f", "import os, time\ndef h(e, c):\n time.sleep(.1)\n return os.getpid()")
    answers = await asyncio.gather(*(cloud.invoke("f") for _ in range(6)))
    pids = {int(answer["Payload"]) for answer in answers}
    assert len(pids) > 1
    assert await gone(pids)
    assert int((await cloud.invoke("f"))["Payload"]) not in pids


async def test_an_alias_shares_traffic_by_its_weights(cloud: Any) -> None:
    await cloud.create("f", "def h(e, c): return 1")
    await cloud.publish("f")
    await cloud.update("f", "def h(e, c): return 2")
    await cloud.publish("f")
    weights = {"AdditionalVersionWeights": {"2": 0.5}}
    await cloud.call("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1", RoutingConfig=weights)
    answers = [await cloud.invoke("f:live") for _ in range(60)]
    assert {(answer["ExecutedVersion"], answer["Payload"]) for answer in answers} == {("1", b"1"), ("2", b"2")}


async def test_snapstart_initialises_once_and_forks(cloud: Any) -> None:
    code = (
        "import os\nfrom snapshot_restore_py import register_before_snapshot as b, register_after_restore as a\n"
        "steps = ['init']\nborn = os.getpid()\nb(lambda: steps.append('before'))\na(lambda: steps.append('after'))\n"
        "def h(e, c):\n steps.append('call')\n return [steps, born, os.getpid(), os.urandom(8).hex()]"
    )
    await cloud.create("f", code, SnapStart={"ApplyOn": "PublishedVersions"})
    assert (await cloud.publish("f"))["State"] == "Active"
    first = json.loads((await cloud.invoke("f:1"))["Payload"])
    for pool in cloud.service._execution._fleet.pools.values():
        for old in list(pool.environments):
            old.stop()
    second = json.loads((await cloud.invoke("f:1"))["Payload"])
    assert first[0] == second[0] == ["init", "before", "after", "call"]
    assert first[1] == second[1]
    assert len({first[1], first[2], second[2]}) == 3
    assert first[3] != second[3]


async def test_failed_snapshot_fails_the_version(cloud: Any) -> None:
    await cloud.create("f", "raise ValueError('no')", SnapStart={"ApplyOn": "PublishedVersions"})
    version = await cloud.publish("f")
    assert (version["State"], version["StateReason"]) == ("Failed", "ValueError: no")


async def test_switching_an_alias_under_load_fails_no_request(cloud: Any) -> None:
    await cloud.create("f", "def h(e, c): return 1")
    await cloud.publish("f")
    await cloud.call("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1")
    await cloud.update("f", "def h(e, c): return 2")
    await cloud.publish("f")
    seen: list[bytes] = []
    stop = asyncio.Event()

    async def load() -> None:
        while not stop.is_set():
            answer = await cloud.invoke("f:live")
            assert "FunctionError" not in answer
            seen.append(answer["Payload"])

    tasks = [asyncio.create_task(load()) for _ in range(2)]
    await asyncio.sleep(0.3)
    await cloud.call("UpdateAlias", FunctionName="f", Name="live", FunctionVersion="2")
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.gather(*tasks)
    assert (seen[0], seen[-1]) == (b"1", b"2")


async def test_no_process_outlives_the_service(cloud: Any) -> None:
    await cloud.create("f", "import os\ndef h(e, c): return os.getpid()")
    pid = int((await cloud.invoke("f"))["Payload"])
    assert psutil.Process(pid).ppid() == os.getpid()
    for pool in cloud.service._execution._fleet.pools.values():
        pool.close()
    assert await gone({pid})


async def test_snapshots_that_nobody_needs_end(cloud: Any) -> None:
    await cloud.create("f", "def h(e, c): return 0", SnapStart={"ApplyOn": "PublishedVersions"})
    await cloud.publish("f")
    await cloud.call("CreateAlias", FunctionName="f", Name="live", FunctionVersion="1")
    for number in range(1, 4):
        await cloud.update("f", f"def h(e, c): return {number}")
        await cloud.publish("f")
    pools = cloud.service._execution._fleet.pools.values()
    alive = {pool.deployment.version for pool in pools if getattr(pool.launcher, "pid", None)}
    assert alive == {"1", "4"}, "the alias's and the newest"
    assert (await cloud.invoke("f:2"))["Payload"] == b"1", "and the others come back when they are called"


@pytest.mark.parametrize("params", [{"payload": b"not json"}, {"ClientContext": "abc"}, {"ClientContext": "//4="}])
async def test_what_is_no_json_is_refused(cloud: Any, params: dict[str, Any]) -> None:
    await cloud.create("f", "def h(e, c): return 0")
    with pytest.raises(ServiceError) as refused:
        await cloud.invoke("f", **params)
    assert (refused.value.code, refused.value.status) == ("InvalidRequestContentException", 400)


@pytest.mark.parametrize("damage", [lambda zipped: zipped.replace(b"return 0", b"return 1", 1), lambda _: b"PK no zip"])
async def test_a_damaged_package_is_refused(cloud: Any, damage: Callable[[bytes], bytes]) -> None:
    package = damage(archive("def h(e, c): return 0"))
    with pytest.raises(ServiceError) as refused:
        await cloud.create("f", "", Code={"ZipFile": package})
    assert refused.value.code == "InvalidParameterValueException"
