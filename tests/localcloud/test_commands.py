"""The words logs, reset and env, and what is said to a mistyped one."""

import os
import select
import subprocess
import time
from typing import Any


def test_mistyped_words_list_the_valid_ones(cloud: Any) -> None:
    mistyped = cloud("strat")
    assert mistyped.returncode == 2
    for word in ("start", "stop", "status", "logs", "reset", "env"):
        assert f"'{word}'" in mistyped.stderr
    assert "valid are 1 to 65535" in cloud("start", "--aws-port", "65536").stderr


def test_logs_of_all_parts_of_one_and_of_a_function(cloud: Any) -> None:
    cloud.start()
    everything = cloud("logs").stdout
    assert "aws | hello from a part" in everything
    assert "supervisor | The local cloud runs" in everything
    one = cloud("logs", "cloudflare").stdout
    assert one.startswith("hello from a part")

    functions = cloud.data / "logs" / "functions"
    functions.mkdir()
    (functions / "greet.log").write_text("".join(f"line {number}\n" for number in range(100)))
    assert cloud("logs", "greet", "--lines", "2").stdout == "line 98\nline 99\n"

    missing = cloud("logs", "great")
    assert missing.returncode == 2
    assert "functions/greet" in missing.stderr


def test_logs_of_a_worker_among_others(cloud: Any) -> None:
    cloud.start()
    (cloud.data / "logs" / "workers.log").write_text(
        "2026-01-01T00:00:00Z hello log one\n"
        "2026-01-01T00:00:00Z other log no\n"
        "    not mine either\n"
        "2026-01-01T00:00:01Z hello error two\n"
        "    at line 1\n"
    )
    assert cloud("logs", "hello").stdout.splitlines() == [
        "2026-01-01T00:00:00Z hello log one",
        "2026-01-01T00:00:01Z hello error two",
        "    at line 1",
    ]


def test_logs_follow(cloud: Any) -> None:
    cloud.start()
    log = cloud.data / "logs" / "aws.log"
    command = [*cloud.program, "logs", "aws", "--follow", "--data", str(cloud.data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout is not None
        output = process.stdout.fileno()
        try:
            assert b"hello from a part" in read_until(output, b"\n")
            with log.open("a") as file:
                file.write("later\n")
            assert read_until(output, b"\n") == b"later\n"
            # Rotated: a new file in its place.
            log.replace(log.with_suffix(".log.1"))
            log.write_text("new file\n")
            assert read_until(output, b"\n") == b"new file\n"
        finally:
            process.terminate()


def read_until(descriptor: int, mark: bytes) -> bytes:
    found = b""
    end = time.monotonic() + 10
    while mark not in found:
        assert select.select([descriptor], [], [], max(0.0, end - time.monotonic()))[0], f"only {found!r} came"
        found += os.read(descriptor, 4096)
    return found


def test_reset_deletes_and_goes_on(cloud: Any) -> None:
    cloud.start()
    before = cloud.part("aws")
    kept = cloud.data / "aws" / "something"
    kept.parent.mkdir(exist_ok=True)
    kept.touch()

    refused = cloud("reset")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert kept.exists()

    assert cloud("reset", "--yes").returncode == 0
    assert not kept.exists()
    after = cloud.part("aws")
    assert after["healthy"] is True
    assert (after["port"], after["pid"] != before["pid"]) == (before["port"], True)

    cloud("stop")
    assert cloud("reset", "--yes").stdout == "The local cloud is empty.\n"
    assert cloud("status").returncode == 3


def test_env_is_for_a_shell(cloud: Any) -> None:
    cloud.start()
    script = 'eval "$1"; echo "$AWS_ENDPOINT_URL $CLOUDFLARE_BASE_URL $CLOUDFLARE_ACCOUNT_ID [$AWS_PROFILE]"'
    exports = cloud("env").stdout
    shell = subprocess.run(
        ["sh", "-c", script, "sh", exports],
        env=os.environ | {"AWS_PROFILE": "mine"},
        capture_output=True,
        text=True,
        check=True,
    )
    aws, cloudflare = cloud.part("aws")["port"], cloud.part("cloudflare")["port"]
    expected = f"http://127.0.0.1:{aws} http://127.0.0.1:{cloudflare}/client/v4 {'1':0>32} []\n"
    assert shell.stdout == expected

    cloud("stop")
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:9999\n" in cloud("env", "--aws-port", "9999").stdout
