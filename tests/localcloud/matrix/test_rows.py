"""Every row of the feature matrix is shown on the local clouds by a test, or it is said why not."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from lab.matrix import Row, read_matrix
from tests.localcloud.matrix import http_api, secrets, state, text_model
from tests.localcloud.matrix.proof import NotShown, Proof, Shown

ROOT = Path(__file__).parents[3]
PROOFS: dict[tuple[str, str], Proof] = {
    (capability, id_): proof
    for capability, proofs in (
        ("http_api", http_api.PROOFS),
        ("text_model", text_model.PROOFS),
        ("state", state.PROOFS),
        ("secrets", secrets.PROOFS),
    )
    for id_, proof in proofs.items()
}
DEPLOYED = {(row.capability, row.id): row for row in read_matrix() if row.deployed}
_TITLE = re.compile(r"""\bit\((['`])(.+?)\1,""")


def test_every_row_has_a_proof_and_every_proof_a_row() -> None:
    assert sorted(DEPLOYED.keys() - PROOFS.keys()) == [], "rows that nothing is said of"
    assert sorted(PROOFS.keys() - DEPLOYED.keys()) == [], "rows that the matrix has not, or not yet deployed"


@pytest.mark.parametrize("row", DEPLOYED.values(), ids=lambda row: f"{row.capability}-{row.id}")
def test_a_row_is_shown_or_it_is_said_why_not(row: Row) -> None:
    proof = PROOFS[row.capability, row.id]
    for cloud in (proof.aws, proof.cloudflare):
        match cloud:
            case Shown(tests):
                assert tests, row.id
                for test in tests:
                    path, name = test.split("::")
                    assert name in _tests_of(ROOT / path), f"{row.id}: {path} has no test {name!r}"
            case NotShown(why):
                assert why.endswith("."), f"{row.id}: a sentence that says why"
                assert len(why.split()) >= 5, f"{row.id}: a sentence that says why"


@cache
def _tests_of(path: Path) -> frozenset[str]:
    """Names of functions; titles in the host's own tests."""
    text = path.read_text()
    if path.suffix == ".mjs":
        return frozenset(title for _, title in _TITLE.findall(text))
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(function.name for function in functions if function.name.startswith("test_"))
