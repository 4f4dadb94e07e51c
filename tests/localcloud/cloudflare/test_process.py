"""The whole of `python -m localcloud.cloudflare` with the real Worker host: what is accepted is served, and stays."""

import httpx
import pytest
from cloudflare import APIStatusError

from tests.localcloud.cloudflare.process import ACCOUNT, Process, is_alive, until


def test_served_replaced_refused_and_kept(process: Process) -> None:
    before = process.put("one")
    assert before.handlers == ["fetch"]
    assert 0 < before.startup_time_ms < 1000
    assert process.get() == "one"

    process.put("two")
    assert process.get() == "two"
    with pytest.raises(APIStatusError) as refused:
        process.put("three", "import not_there")
    assert [error.code for error in refused.value.errors] == [10021]
    assert "not_there" in str(refused.value.errors[0].message)
    assert process.get() == "two"
    assert [part["name"] for part in process.status()["parts"]] == ["worker host", "hello"]

    # The host is killed: it comes back on its port, and is told again.
    old = process.host()
    old.kill()
    until(lambda: process.get() == "two")
    assert process.host().pid != old.pid
    until(lambda: process.status()["healthy"])

    # The whole process is killed right after an answer: what was accepted is there.
    process.put("four")
    host = process.host()
    process.popen.kill()
    process.close()
    until(lambda: not is_alive(host))
    process.start()
    assert process.get() == "four"
    assert [script.id for script in process.client.workers.scripts.list(account_id=ACCOUNT)] == ["hello"]

    process.client.workers.scripts.delete("hello", account_id=ACCOUNT)
    assert httpx.get(f"http://127.0.0.1:{process.port}/_workers/hello").status_code == 404


def test_the_guard_sees_the_headers_as_sent(process: Process) -> None:
    url = f"http://127.0.0.1:{process.port}/client/v4/accounts"
    token = {"authorization": "Bearer any"}
    assert httpx.get(url, headers=token).json()["success"] is True
    assert httpx.get(url).json()["errors"][0]["code"] == 9106
    for forged in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil.example"}):
        answer = httpx.get(url, headers=token | forged)
        assert answer.status_code == 403
        assert "result_info" not in answer.text
