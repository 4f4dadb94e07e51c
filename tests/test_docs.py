"""The pages that users read say what the project has: every config key, every word for make, no link to nowhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from app.spec import SPEC

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def _row(name: str, key: dict[str, object]) -> list[str]:
    default = key["default"] if isinstance(key["default"], str) else json.dumps(key["default"])
    return [f"`{name}`", str(key["type"]), f"`{default}`" if default else "", str(key["description"])]


def test_the_configuration_page_is_what_is_declared() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    page = (ROOT / "docs" / "configuration.md").read_text()
    table = page.split("|---|---|---|---|\n")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert rows == [_row(name, key) for name, key in declared.items()]


def test_every_secret_of_the_application_is_told() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    table = page.split("| secret of `app.api:app` | what it holds |\n|---|---|\n")[1].split("\n\n")[0]
    assert table.splitlines() == [f"| `{secret.name}` | {secret.meaning} |" for secret in SPEC.secrets]
    for stack in ("aws", "cloudflare"):
        told = (ROOT / f"Pulumi.{stack}.yaml").read_text().replace("\n# ", " ")
        assert all(f"`pulumi config set --secret {secret.name}`" in told for secret in SPEC.secrets)


def test_every_word_for_make_is_told() -> None:
    words = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    told = (ROOT / "README.md").read_text()
    assert [word for word in words if f"make {word}" not in told] == []
    assert {"up", "test"} <= set(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
