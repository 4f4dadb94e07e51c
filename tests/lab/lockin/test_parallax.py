"""This repository: every file has a place, nothing leaks, and what its stack holds is in the tables."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.capabilities import CAPABILITIES
from lab.lockin.analysis import analyse
from lab.lockin.findings import LockIn
from lab.lockin.layout import Layout
from lab.lockin.source import read_source
from lab.lockin.state import read_state
from lab.lockin.tables import read_knowledge, read_layout

ROOT = Path(__file__).parents[3]
EXPORT = Path(__file__).with_name("export.json")


@pytest.fixture(scope="module")
def found() -> LockIn:
    return analyse(ROOT, EXPORT)


def test_the_application_knows_no_cloud(found: LockIn) -> None:
    assert found.leaks == ()


def test_no_file_is_left_over(found: LockIn) -> None:
    assert not [note for note in found.notes if "no rule" in note or "no Python" in note or "no table" in note]


def test_every_line_of_a_counted_file_is_in_exactly_one_place(found: LockIn) -> None:
    modules = [*found.portable_modules, *(module for cloud in found.clouds for module in cloud.own_modules)]
    assert max(Counter(module.path for module in modules).values()) == 1
    folders = ("app", "functions", "workers", "components")
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    everything = sum(
        read_source(ROOT, path.relative_to(ROOT).as_posix()).lines for path in [*paths, ROOT / "__main__.py"]
    )
    assert found.portable_lines + found.shared_lines + sum(cloud.own_lines for cloud in found.clouds) == everything
    for cloud in found.clouds:
        grouped = [module for capability in cloud.capabilities for module in capability.modules]
        assert sorted(grouped, key=lambda module: module.path) == list(cloud.own_modules)
        assert sum(module.lines for module in cloud.own_modules) == cloud.own_lines
        assert cloud.portable_share == found.portable_lines / (found.portable_lines + cloud.own_lines)


def test_every_resource_of_the_stack_is_in_exactly_one_row(found: LockIn) -> None:
    rows = [(each.name, each.type) for cloud in found.clouds for row in cloud.capabilities for each in row.resources]
    assert Counter(rows) == Counter((each.name, each.type) for each in read_state(EXPORT))


def test_both_clouds_have_every_capability_and_say_what_is_not_deployed(found: LockIn) -> None:
    for cloud in found.clouds:
        rows = {row.name: row for row in cloud.capabilities}
        assert list(rows)[: len(CAPABILITIES) + 1] == ["http_api", *CAPABILITIES]
        assert {name for name, row in rows.items() if not row.deployed} == {
            name for name in CAPABILITIES if not _is_built(name)
        }
        assert all(rows[name].modules for name in ("http_api", "text_model", "state", "secrets"))


def _is_built(capability: str) -> bool:
    return (ROOT / "components" / "aws" / f"{capability}.py").exists()


def test_mirrored_files_stand_against_each_other(found: LockIn) -> None:
    aws, cloudflare = (
        {row.name: {module.path for module in row.modules} for row in cloud.capabilities} for cloud in found.clouds
    )
    assert {"functions/state.py", "components/aws/state.py"} == aws["state"]
    assert {"workers/parallax_cloudflare/state.py", "components/cloudflare/state.py"} <= cloudflare["state"]


def test_a_type_of_resource_that_components_make_is_in_the_tables() -> None:
    layout, _ = read_layout(ROOT)
    known = read_knowledge(layout)
    made = set(_made())
    assert made >= {each.type for each in read_state(EXPORT)}, "the search has missed what the stack holds"
    assert [token for token in sorted(made) if known.role_of(token) is None] == []


def test_every_component_around_resources_has_a_capability() -> None:
    layout, _ = read_layout(ROOT)
    placed = {each.type for each in layout.component}
    assert all({*each.ancestors} & placed for each in read_state(EXPORT))


def test_the_shipped_tables_alone_know_the_types_too() -> None:
    known = read_knowledge(Layout())
    assert all(known.role_of(each.type) for each in read_state(EXPORT))


def _made() -> Iterator[str]:
    """Tokens of the resource classes that components call: `aws.sqs.Queue(…)`, looked up in the SDK's own text."""
    for path in sorted((ROOT / "components").rglob("*.py")):
        for node in ast.walk(read_source(ROOT, path.relative_to(ROOT).as_posix()).tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="aws"), attr=module), attr=name)
                ):
                    yield from _tokens("pulumi_aws", module, f"aws:{module.rstrip('_')}", name)
                case ast.Call(func=ast.Attribute(value=ast.Name(id="cloudflare"), attr=name)):
                    yield from _tokens("pulumi_cloudflare", "", "cloudflare:index", name)


def _tokens(sdk: str, folder: str, package: str, name: str) -> Iterator[str]:
    spec = importlib.util.find_spec(sdk)
    assert spec is not None
    assert spec.origin is not None
    wanted = re.compile(rf"'({package}/\w+:{name})'")
    for file in sorted((Path(spec.origin).parent / folder).glob("*.py")):
        if (hit := wanted.search(file.read_text())) is not None:
            yield hit[1]
            return
