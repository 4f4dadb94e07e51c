"""`stop`, `reset` and `env`."""

import contextlib
import dataclasses
import shlex
import shutil
import signal
import sys
from pathlib import Path

import psutil

from localcloud import commands_start
from localcloud.cloudflare.identity import ACCOUNT_ID, API_TOKEN
from localcloud.paths import Folders
from localcloud.running import Running, end_processes, find_running, last_run
from localcloud.settings import Settings

# The supervisor gives each part three seconds, and ends it then.
STOPS_WITHIN = 8.0
REGION = "us-east-1"


def stop(settings: Settings) -> int:
    """Ends the supervisor and all parts, and what is left of a supervisor that was killed."""
    folders = Folders(settings.data)
    running = find_running(folders)
    left = running or last_run(folders)
    if left:
        processes = left.processes()
        supervisor = left.supervisor.find()
        if supervisor:
            with contextlib.suppress(psutil.NoSuchProcess):
                supervisor.send_signal(signal.SIGTERM)
        end_processes(processes, STOPS_WITHIN)
        folders.run_file.unlink(missing_ok=True)
        _remove_sockets(Path(left.socket).parent)
    _say("The local cloud has stopped." if running else "The local cloud was not running.")
    return 0


def reset(settings: Settings, *, confirmed: bool) -> int:
    """Deletes the parts' data and logs; starts again with the same settings if it ran."""
    folders = Folders(settings.data)
    if not confirmed and not _confirm(f"Delete everything in the local cloud at {folders.data}? [y/N] "):
        _say("Nothing was deleted.")
        return 1
    running = find_running(folders)
    if running or last_run(folders):
        stop(settings)
    for name in [part.name for part in settings.parts()]:
        shutil.rmtree(folders.part_data(name), ignore_errors=True)
    shutil.rmtree(folders.logs, ignore_errors=True)
    _say("The local cloud is empty.")
    return commands_start.start(_same(running)) if running else 0


def env(settings: Settings) -> int:
    """Prints the exports that point AWS and Cloudflare clients here, with the running instance's ports if one runs."""
    running = find_running(Folders(settings.data))
    aws = running.port("aws") if running else settings.aws_port
    cloudflare = running.port("cloudflare") if running else settings.cloudflare_port
    base_url = f"http://127.0.0.1:{cloudflare}/client/v4"
    variables = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{aws}",
        # Real keys never fit here: nothing checks these.
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "CLOUDFLARE_BASE_URL": base_url,
        # wrangler's name for the same.
        "CLOUDFLARE_API_BASE_URL": base_url,
        "CLOUDFLARE_API_TOKEN": API_TOKEN,
        "CLOUDFLARE_ACCOUNT_ID": ACCOUNT_ID,
    }
    # A profile, session token or key of the user's would be sent along, or win.
    _say("unset AWS_PROFILE AWS_SESSION_TOKEN CLOUDFLARE_API_KEY CLOUDFLARE_EMAIL")
    for name, value in variables.items():
        _say(f"export {name}={shlex.quote(value)}")
    return 0


def _remove_sockets(folder: Path) -> None:
    """Nothing but sockets, as the folder's name comes from a file."""
    for socket in folder.glob("*.sock"):
        socket.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _same(running: Running) -> Settings:
    """The settings of what ran, on the ports that it had."""
    settings = Settings.from_json(running.settings)
    return dataclasses.replace(settings, aws_port=running.port("aws"), cloudflare_port=running.port("cloudflare"))


def _confirm(question: str) -> bool:
    if not sys.stdin.isatty():
        sys.stderr.write("error (NotConfirmed): nobody can be asked here; add --yes\n")
        return False
    return input(question).strip().lower() in {"y", "yes"}


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
