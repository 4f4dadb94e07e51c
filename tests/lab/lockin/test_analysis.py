"""The whole analysis, on small repositories of which every figure is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.errors import InvalidRepositoryError
from lab.lockin.analysis import analyse
from lab.lockin.findings import Cloud, LockIn, Module, Resource
from tests.lab.lockin.tree import export, tree

TABLE = """
capabilities = ["state", "queues"]
not_counted = ["tests/**"]

[[code]]
belongs = "portable"
files = ["app/**"]

[[code]]
belongs = "aws"
files = ["on_aws/{capability}.py"]

[[code]]
belongs = "aws"
serves = "entry point"
files = ["on_aws/**"]

[[code]]
belongs = "cloudflare"
files = ["on_cloudflare/{capability}.py"]

[[code]]
belongs = "shared"
files = ["deploy.py"]
"""
FILES = {
    "lockin.toml": TABLE,
    "app/core.py": "a = 1\nb = 2\nc = 3\n",
    "app/more.py": '"""Words."""\n\nd = 4\n',
    "on_aws/state.py": "import boto3\n\nx = 1\n",
    "on_aws/handler.py": "import json\ny = 1\nz = 2\n",
    "on_cloudflare/state.py": "import workers\n",
    "deploy.py": "import pulumi_aws\nimport pulumi_cloudflare\n",
    "tests/test_core.py": "import app.core\n",
}
# A cloud that the lab has never heard of, by tables alone.
THIRD = """
[[vendor]]
name = "elsewhere"
title = "Elsewhere Inc."
packages = ["elsewhere"]
imports = ["elsewhere_sdk"]

[[vendor.shapes]]
what = "an event of Elsewhere's"
keys = ["elsewhereEvent"]

[[code]]
belongs = "elsewhere"
files = ["on_elsewhere/{capability}.py"]

[[role]]
does = "a table of items by key"
capability = "state"
types.aws = ["aws:dynamodb/table:Table"]
types.elsewhere = ["elsewhere:store:Store"]

[[data]]
cloud = "elsewhere"
capability = "state"
lives = "A store."
export = "By file."
loses = "Nothing."
source = "https://elsewhere.example/export"
"""


def cloud(found: LockIn, name: str) -> Cloud:
    (one,) = (each for each in found.clouds if each.name == name)
    return one


def test_every_figure_of_a_small_repository(tmp_path: Path) -> None:
    state = export(
        tmp_path / "state.json",
        {"type": "aws:dynamodb/table:Table", "name": "items"},
        {"type": "aws:iam/role:Role", "name": "role"},
        {"type": "aws:new/thing:Thing", "name": "odd"},
        {"type": "random:index/randomId:RandomId", "name": "id"},
        {"type": "cloudflare:index/d1Database:D1Database", "name": "items"},
    )
    found = analyse(tree(tmp_path / "shop", FILES), state)
    assert found.portable_modules == (Module(path="app/core.py", lines=3), Module(path="app/more.py", lines=1))
    assert (found.portable_lines, found.shared_lines, found.leaks) == (4, 2, ())
    aws = cloud(found, "aws")
    assert [each.path for each in aws.own_modules] == ["on_aws/handler.py", "on_aws/state.py"]
    assert (aws.own_lines, aws.portable_share) == (5, 4 / 9)
    assert [(each.name, each.deployed) for each in aws.capabilities] == [
        ("state", True), ("queues", False), ("http_api", True), ("entry point", True), ("other resources", True),
    ]  # fmt: skip
    state_row, queues, http, entry, other = aws.capabilities
    table = Resource(
        name="items", type="aws:dynamodb/table:Table", counterpart="cloudflare:index/d1Database:D1Database"
    )
    assert state_row.resources == (table,)
    assert "1 of 1 resource with a counterpart (dynamodb Table as D1Database)" in state_row.leaving
    assert "Own code: 2 lines in 1 module (on_aws/state.py 2)" in state_row.leaving
    assert "For Cloudflare the same stands already: 1 line in 1 module (on_cloudflare/state.py 1)" in state_row.leaving
    assert state_row.data is not None
    assert "S3" in state_row.data.export
    assert "time-to-live" in state_row.differences
    assert "consistency" not in state_row.differences, "both clouds do the same"
    assert queues.leaving == "Not yet deployed on AWS: nothing to leave."
    assert queues.data is not None
    assert http.resources[0].counterpart is None
    assert "iam Role (bindings of the script are its rights)" in http.leaving
    assert (entry.data, entry.differences) == (None, ())
    assert "no table knows this type" in other.leaving
    assert any("aws:new/thing:Thing" in note for note in found.notes)
    assert any("1 resource of no cloud" in note for note in found.notes)


def test_a_component_says_better_than_a_type_what_a_resource_is_for(tmp_path: Path) -> None:
    component = '[[component]]\ntype = "shop:aws:Queue"\ncapability = "queues"\n'
    nested = "shop:aws:Queue$shop:aws:Inner$aws:kms/key:Key"
    entries = [
        {"custom": True, "type": "aws:kms/key:Key", "urn": f"urn:pulumi:dev::shop::{parents}::key"}
        for parents in (nested, "shop:aws:Other$aws:kms/key:Key")
    ]
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": entries}}))
    found = analyse(tree(tmp_path / "shop", FILES | {"lockin.toml": TABLE + component}), state)
    rows = {row.name: len(row.resources) for row in cloud(found, "aws").capabilities}
    assert rows == {"state": 0, "queues": 1, "secrets": 1, "entry point": 0}


def test_without_a_state_only_code_is_counted(tmp_path: Path) -> None:
    found = analyse(tree(tmp_path, FILES))
    assert all(not each.resources for cloud in found.clouds for each in cloud.capabilities)
    assert any("--state" in note for note in found.notes)


def test_without_a_table_imports_decide_and_the_output_says_so(tmp_path: Path) -> None:
    files = {path: text for path, text in FILES.items() if path != "lockin.toml"}
    found = analyse(tree(tmp_path, files | {"stack.py": "import pulumi\n"}))
    assert [each.path for each in found.portable_modules] == ["app/core.py", "app/more.py", "on_aws/handler.py"]
    assert [each.path for each in cloud(found, "aws").own_modules] == ["on_aws/state.py"]
    assert [each.path for each in cloud(found, "cloudflare").own_modules] == ["on_cloudflare/state.py"]
    assert found.shared_lines == 3, "of several clouds, and of none but Pulumi"
    assert any("There is no lockin.toml" in note for note in found.notes)


def test_another_table_can_be_given(tmp_path: Path) -> None:
    table = tmp_path / "other.toml"
    table.write_text('code = [{belongs = "portable", files = ["**"]}]\n')
    found = analyse(tree(tmp_path / "shop", FILES), table=table)
    assert found.clouds == ()
    assert {leak.path for leak in found.leaks} == {"on_aws/state.py", "on_cloudflare/state.py", "deploy.py"}


def test_a_third_cloud_needs_tables_and_no_code(tmp_path: Path) -> None:
    files = FILES | {
        "lockin.toml": TABLE + THIRD,
        "on_elsewhere/state.py": "import elsewhere_sdk\n",
        "app/leak.py": "x['elsewhereEvent']\n",
    }
    state = export(tmp_path / "state.json", {"type": "elsewhere:store:Store"}, {"type": "aws:dynamodb/table:Table"})
    found = analyse(tree(tmp_path / "shop", files), state)
    third = cloud(found, "elsewhere")
    (row, _) = third.capabilities
    assert row.resources[0].counterpart == "aws:dynamodb/table:Table"
    assert cloud(found, "aws").capabilities[0].resources[0].counterpart == "elsewhere:store:Store"
    assert row.data is not None
    assert row.data.source == "https://elsewhere.example/export"
    assert "For AWS the same stands already: 2 lines" in row.leaving
    assert third.portable_share == 5 / 6
    assert [(leak.path, leak.line) for leak in found.leaks] == [("app/leak.py", 1)]


def test_what_is_not_counted_is_named(tmp_path: Path) -> None:
    more = {"odd.py": "x = 1\n", "app/broken.py": "x = (\n", "on_aws/schema.sql": "SELECT 1;\n"}
    found = analyse(tree(tmp_path, FILES | more))
    notes = "\n".join(found.notes)
    assert "no rule of lockin.toml fits, not counted: odd.py." in notes
    assert "no Python, not counted: app/broken.py:1: " in notes
    assert "other languages, not counted: on_aws/schema.sql." in notes
    assert found.portable_lines == 4


def test_links_and_virtual_environments_are_passed_by(tmp_path: Path) -> None:
    tree(tmp_path, FILES | {"env/pyvenv.cfg": "", "env/lib.py": "x = 1\n", ".hidden/x.py": "x = 1\n"})
    (tmp_path / "app" / "again").symlink_to(tmp_path / "app")
    found = analyse(tmp_path)
    assert found.portable_lines == 4
    assert not any("env/lib.py" in note for note in found.notes)


def test_a_repository_without_code_has_no_share(tmp_path: Path) -> None:
    state = export(tmp_path / "state.json", {"type": "aws:s3/bucket:Bucket"})
    (tmp_path / "empty").mkdir()
    (one,) = analyse(tmp_path / "empty", state).clouds
    assert one.portable_share is None
    assert (
        one.capabilities[0].resources[0].counterpart
        == "cloudflare:index/r2Bucket:R2Bucket or gcp:storage/bucket:Bucket"
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("roots = 3", "roots"),
        ("[[code]]\nbelong = 'aws'\nfiles = []", "belong"),
        ("folders = []", "has roots, capabilities"),
        ("[[code]]\nbelongs = 'amazon'\nfiles = []", "unknown amazon; known are aws, azure"),
        ("capabilities = ['queue']", "unknown queue; known are"),
        ("[[component]]\ntype = 'a:b:C'\ncapability = 'none'", "unknown none"),
        ("x = [", "no TOML"),
    ],
)
def test_a_table_with_an_error_is_refused(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(InvalidRepositoryError, match=said):
        analyse(tree(tmp_path, {"lockin.toml": table, "a.py": ""}))


def test_a_missing_folder_or_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRepositoryError, match="is no folder"):
        analyse(tmp_path / "nowhere")
    with pytest.raises(InvalidRepositoryError, match="there is no table"):
        analyse(tmp_path, table=tmp_path / "no.toml")
