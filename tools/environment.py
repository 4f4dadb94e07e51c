"""The environment in which Pulumi, the AWS SDKs and Cloudflare's clients speak to a local cloud and to nothing else.

`python -m tools.environment` prints it for env.sh.
"""

from __future__ import annotations

import os
import secrets
import shlex
import sys
from pathlib import Path

from tools import stack
from tools.errors import SetupError
from tools.node_packages import host_node
from tools.places import LAMBDA_RUNTIMES, LOCAL, PYTHON, ROOT, STAND_INS, VENV
from tools.pulumi_cli import cli_folder

AWS_PORT = 4566
CLOUDFLARE_PORT = 4567
_KEPT = ("HOME", "LANG", "LC_ALL", "TERM", "TMPDIR", "USER", "XDG_CACHE_HOME", "NO_COLOR", "CI")


def local_variables(home: Path, *, aws_port: int, cloudflare_port: int, providers: str = "stand-in") -> dict[str, str]:
    """What is added to an environment. `home` is the folder of state, passphrase and Pulumi's own files.

    With `providers` "vendor" the stand-ins stay off PATH, and the engine may fetch what is missing. Raises SetupError.
    """
    if providers not in ("stand-in", "vendor"):
        raise SetupError("ProvidersUnknown", f"PROVIDERS={providers} is unknown: stand-in or vendor")
    state = home / "state"
    state.mkdir(parents=True, exist_ok=True)
    ours = [str(VENV / "bin"), str(cli_folder()), str(STAND_INS)]
    inherited = [folder for folder in os.environ["PATH"].split(os.pathsep) if folder not in ours]  # env.sh was here
    path = [*(ours if providers == "stand-in" else ours[:2]), *inherited]
    acquisition = {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"} if providers == "stand-in" else {}
    return {
        "PATH": os.pathsep.join(path),
        "PULUMI_HOME": str(home / "pulumi"),
        # Without sidecar files: they are not written atomically, and after a kill the state may be read no more.
        "PULUMI_BACKEND_URL": f"file://{state}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase(home)),
        "PULUMI_PYTHON_CMD": str(PYTHON),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        **acquisition,
        "PARALLAX_NODE": str(host_node()),
        "PARALLAX_LAMBDA_RUNTIMES": str(LAMBDA_RUNTIMES),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",  # boto3 reads this one only
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws_port}",
        "CLOUDFLARE_API_TOKEN": "local",
        "CLOUDFLARE_BASE_URL": f"http://127.0.0.1:{cloudflare_port}/client/v4",
    }


def local_environment(
    home: Path, *, aws_port: int = AWS_PORT, cloudflare_port: int = CLOUDFLARE_PORT, providers: str = "stand-in"
) -> dict[str, str]:
    """The whole environment of a command: nothing of the user's accounts is in it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | local_variables(home, aws_port=aws_port, cloudflare_port=cloudflare_port, providers=providers)


def stack_variables(home: Path, providers: str) -> dict[str, str]:
    """What lets plain `pulumi` read and write this clone's own settings of the stack `dev`, which has its secrets, and
    leave Pulumi.dev.yaml as it is. Makes them where they are missing. Raises SetupError.

    Each flag of Pulumi's has such a variable: https://www.pulumi.com/docs/iac/cli/environment-variables/
    """
    settings = (
        stack.settings_file(home)
        if stack.is_ready(home)
        else stack.ensure(local_environment(home, providers=providers), home)
    )
    return {"PULUMI_OPTION_CONFIG_FILE": str(settings)}


def _passphrase(home: Path) -> Path:
    """A key for the local stacks' secrets, made once and readable by its owner only."""
    path = home / "passphrase"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path


def main() -> int:
    """Prints shell lines; the user's own AWS, Cloudflare and Pulumi variables are taken out first."""
    providers = os.environ.get("PROVIDERS") or "stand-in"
    try:
        ours = local_variables(LOCAL, aws_port=AWS_PORT, cloudflare_port=CLOUDFLARE_PORT, providers=providers)
        ours |= stack_variables(LOCAL, providers)
    except SetupError as error:
        print(f"parallax: {error}", file=sys.stderr)
        return 1
    foreign = [n for n in os.environ if n.startswith(("AWS_", "CLOUDFLARE_", "PULUMI_")) and n not in ours]
    for name in filter(str.isidentifier, foreign):  # a shell has no others
        print(f"unset {name}")
    for name, value in ours.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())


__all__ = ["AWS_PORT", "CLOUDFLARE_PORT", "ROOT", "local_environment", "local_variables", "stack_variables"]
