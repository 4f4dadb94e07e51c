"""The tables that ship: whole, sourced, and in the words of Pulumi's own SDKs."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from components.capabilities import CAPABILITIES
from lab.lockin.knowledge import Knowledge
from lab.lockin.layout import Layout
from lab.lockin.tables import read_knowledge


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return read_knowledge(Layout())


@pytest.mark.parametrize(("cloud", "sdk"), [("aws", "pulumi_aws"), ("cloudflare", "pulumi_cloudflare")])
def test_every_type_is_one_of_the_vendors_provider(known: Knowledge, cloud: str, sdk: str) -> None:
    spec = importlib.util.find_spec(sdk)
    assert spec is not None
    assert spec.origin is not None
    # The package's index maps each token to its Python class; nothing is imported.
    folder = Path(spec.origin).parent
    for token in sorted({token for role in known.roles for token in role.types.get(cloud, ())}):
        _, path, _ = token.split(":")
        module = path.partition("/")[0].replace("lambda", "lambda_")
        place = folder if module == "index" else folder / module
        assert any(f"'{token}'" in file.read_text() for file in place.glob(f"{_snake(path)}.py")), token


def _snake(path: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", path.partition("/")[2]).lower().replace("object_v2", "objectv2")


def test_a_type_has_one_role(known: Knowledge) -> None:
    counts = Counter(token for role in known.roles for types in role.types.values() for token in types)
    assert [token for token, count in counts.items() if count > 1] == []


def test_types_are_of_the_cloud_that_they_stand_under(known: Knowledge) -> None:
    for role in known.roles:
        for cloud, types in role.types.items():
            assert {known.vendor_of_type(token) for token in types} == {cloud}, role.does


def test_each_capability_that_can_be_asked_for_has_data_on_both_clouds(known: Knowledge) -> None:
    rows = {(row.cloud, row.capability) for row in known.data}
    for capability in ("http_api", *CAPABILITIES):
        assert {("aws", capability), ("cloudflare", capability)} <= rows, capability


def test_data_says_where_it_is_said(known: Knowledge) -> None:
    for row in known.data:
        assert row.source.startswith("https://"), row
        assert all(text.strip().endswith(".") for text in (row.lives, row.export, row.loses)), row
