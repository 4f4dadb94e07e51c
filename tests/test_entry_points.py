"""What the entry points may import when they run.

import-linter cannot see ``workers/``, which is no package; and for both folders the rule is stricter than its: not even
``app``, because any application is deployed in its place.
"""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]
ALLOWED = {
    "functions": {"functions", "botocore", "urllib3"},
    "workers": {"parallax_cloudflare", "workers", "pyodide"},
}
ADAPTERS = {
    *("LambdaPlatform", "LambdaPorts", "BedrockTextModel", "DynamoDbState", "SecretsManagerSecrets", "Clients"),
    *("WorkerPlatform", "WorkerPorts", "Isolate", "WorkersAiTextModel", "D1State", "BindingSecrets"),
}
MAY_CONSTRUCT = {"functions/bootstrap.py", "workers/parallax_cloudflare/bootstrap.py"}


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_an_entry_point_imports_its_own_cloud_only(file: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported - sys.stdlib_module_names <= ALLOWED[name_of(file).partition("/")[0]]


@pytest.mark.parametrize("file", [file for file in FILES if name_of(file) not in MAY_CONSTRUCT], ids=name_of)
def test_adapters_are_constructed_in_one_place(file: Path) -> None:
    calls = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    assert not ADAPTERS & {call.id for call in calls if isinstance(call, ast.Name)}


def test_no_module_deployed_at_the_top_of_the_worker_hides_another() -> None:
    names = {path.stem for path in (ROOT / "workers").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert not (names - {"__pycache__"}) & (sys.stdlib_module_names | {"workers", "app", "functions"})
