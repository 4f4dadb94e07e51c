from pathlib import Path
from typing import Any

import pytest
import yaml

import app.errors
from app.errors import ApplicationError

OPENAPI: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "app" / "openapi.yaml").read_text())
CODES = {
    "invalid_json": 400,
    "invalid_body": 400,
    "empty_prompt": 400,
    "invalid_key": 400,
    "invalid_query": 400,
    "invalid_cursor": 400,
    "invalid_precondition": 400,
    "invalid_webhook": 400,
    "webhook_not_verified": 401,
    "not_found": 404,
    "item_not_found": 404,
    "method_not_allowed": 405,
    "precondition_failed": 412,
    "content_too_large": 413,
    "prompt_too_long": 422,
    "model_refused": 422,
    "model_throttled": 429,
    "internal_error": 500,
    "model_unavailable": 503,
    "model_timed_out": 504,
}


def test_codes_are_frozen() -> None:
    assert {error.code: error.status for error in ApplicationError.__subclasses__()} == CODES


def test_the_contract_lists_every_code() -> None:
    assert OPENAPI["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == list(CODES)


@pytest.mark.parametrize("error", ApplicationError.__subclasses__(), ids=lambda error: error.__name__)
def test_the_tree_on_top_of_the_module_shows_each_error(error: type[ApplicationError]) -> None:
    line = next(line for line in (app.errors.__doc__ or "").splitlines() if f" {error.__name__} " in line)
    assert line.split()[-2:] == [str(error.status), error.code]
