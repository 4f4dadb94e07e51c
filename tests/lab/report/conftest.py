"""Reports as pages, and the browser that opens them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from lab.report.changes import changes
from lab.report.write import write
from tests.lab.report import sample

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# A browser that talks to nobody by itself, and runs as root in a container.
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")  # Playwright keeps an event loop running, beside which no other test's could
def browser() -> Iterator[Browser]:
    """Chromium from PATH. Where CI is set it must be there."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        said = f"no {', '.join(_NAMES)} on PATH: the page was not opened in a browser"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample reports as written, `full` with what changed since an earlier one."""
    folder = tmp_path_factory.mktemp("pages")
    full = sample.full()
    return {
        "full": write(full, folder / "full", changes(sample.slower(full, "aws", 1.5), full)),
        "three": write(sample.three(), folder / "three"),
        "partial": write(sample.partial(), folder / "partial"),
        "down": write(sample.down(), folder / "down"),
    }
