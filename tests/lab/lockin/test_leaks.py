"""Portable code that knows a cloud, and portable code that only looks like it."""

from pathlib import Path

import pytest

from lab.lockin.analysis import analyse
from lab.lockin.findings import Leak
from tests.lab.lockin.tree import tree

TABLE = """
roots = [".", "edge"]
code = [
  {belongs = "portable", files = ["app/**"]},
  {belongs = "aws", serves = "state", files = ["lambdas/**"]},
  {belongs = "cloudflare", serves = "state", files = ["edge/**"]},
  {belongs = "shared", files = ["glue/**"]},
]
"""


def leaks(folder: Path, text: str, **others: str) -> list[Leak]:
    files = {"lockin.toml": TABLE, "app/module.py": text}
    tree(folder, files | {path.replace("__", "/") + ".py": code for path, code in others.items()})
    return list(analyse(folder).leaks)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("import boto3\n", 1, "imports boto3, a module of AWS"),
        ("import json\n\ndef f():\n    from botocore.config import Config\n", 4, "botocore.config, a module of AWS"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import workers.asgi\n", 3, "a module of Cloudflare"),
        ("from google import cloud\n", 1, "a module of Google Cloud"),
        ("from importlib import import_module\nimport_module('pulumi_aws.s3')\n", 2, "imports pulumi_aws.s3"),
        ("def f(event):\n    return event['requestContext']['http']\n", 2, "`requestContext`"),
        ("def f(e):\n    return [r['body'] for r in e['Records'] if r.get('eventSource')]\n", 2, "`Records`"),
        ("class Event(TypedDict):\n    rawPath: str\n", 2, "`rawPath`"),
        ("x = {'statusCode': 200, 'isBase64Encoded': False}\n", 1, "`statusCode`"),
        ("match e:\n    case {'detail-type': kind}:\n        pass\n", 2, "`detail-type`"),
        ("def f(context):\n    return context.aws_request_id\n", 2, "Lambda's context"),
        ("def main(event, _context):\n    pass\n", 1, "`(event, context)`: a Lambda handler"),
        ("import os\nREGION = os.environ['AWS_REGION']\n", 2, "`AWS_REGION`"),
        ("def f(headers):\n    return headers.get(b'CF-Ray')\n", 2, "`CF-Ray`: a header of Cloudflare's own"),
        ("def f(scope):\n    return scope['env'].DB\n", 2, "`scope[env]`"),
        ("def f(request):\n    return request.cf.colo\n", 2, "`request.cf`"),
        ("async def on_fetch(request, env):\n    pass\n", 1, "`on_fetch`"),
        ("MODEL = '@cf/meta/llama-3.1-8b-instruct'\n", 1, "Workers AI"),
        ("except_code = e.response['ResponseMetadata']\n", 1, "AWS's SDK"),
    ],
)
def test_a_leak_is_named_with_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    assert any(
        (leak.path, leak.line) == ("app/module.py", line) and said in leak.what for leak in leaks(tmp_path, text)
    )


@pytest.mark.parametrize(
    "text",
    [
        '"""An event of API Gateway has a requestContext; see boto3."""\n',
        "# import boto3\n",
        "def f(event):\n    return event['Records']\n",
        "def f(answer):\n    return {'statusCode': answer}\n",
        "def f(self):\n    return self.env['name'], self.context, ctx.env\n",
        "def on(event, state):\n    pass\n",
        "region = 'eu-central-1'\ncloud = 'aws'\n",
        "import app.boto3\n",
        "log('requestContext')\n",
        "from . import workers\n",
    ],
)
def test_what_any_code_says_is_no_leak(tmp_path: Path, text: str) -> None:
    assert leaks(tmp_path, text, app__boto3="", app__workers="") == []


def test_modules_of_ones_own_that_lead_to_a_cloud_are_leaks(tmp_path: Path) -> None:
    text = (
        "import json\nfrom lambdas import state\nimport own.kv\nfrom glue import far, near, plain\nimport app.other\n"
    )
    found = leaks(
        tmp_path, text,
        app__other="", lambdas__state="import boto3\n", edge__own__kv="",
        glue__far="from glue import circle\n", glue__circle="import glue.far, lambdas.state\n",
        glue__near="import boto3\n", glue__plain="import json\n",
    )  # fmt: skip
    assert [(leak.line, leak.what) for leak in found] == [
        (2, "imports lambdas.state, which is AWS's own"),
        (3, "imports own.kv, which is Cloudflare's own"),
        (4, "imports glue.far, which leads to lambdas.state, which is AWS's own"),
        (4, "imports glue.near, which imports boto3"),
    ]


def test_what_may_be_private_in_a_constant_is_not_shown(tmp_path: Path) -> None:
    (leak,) = leaks(tmp_path, "KEY = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:payroll'\n")
    assert "123456789012" not in leak.what
    assert "arn:aws:secretsmanager" in leak.what


def test_code_of_a_cloud_is_not_searched(tmp_path: Path) -> None:
    assert leaks(tmp_path, "", lambdas__state="import boto3\nx['requestContext']\n") == []
