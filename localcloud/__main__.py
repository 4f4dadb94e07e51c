"""`python -m localcloud start|stop|status|logs|model|reset|env`: README.md has the words, `commands` what they do."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from localcloud import commands, commands_logs, commands_model, commands_start, commands_status
from localcloud.paths import DEFAULT_DATA, UnsafeFolderError
from localcloud.settings import AWS_PORT, CLOUDFLARE_PORT, Settings


def main(arguments: list[str] | None = None) -> int:
    """The exit code: 0 done or healthy, 1 failed or unwell, 2 mistyped, 3 not running."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except UnsafeFolderError as error:
        print(f"error ({error.code}): {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    settings = _settings(options)
    words: dict[str, Callable[[], int]] = {
        "start": lambda: commands_start.start(settings),
        "stop": lambda: commands.stop(settings),
        "status": lambda: commands_status.status(settings, as_json=options.json),
        "logs": lambda: commands_logs.logs(settings, options.name, lines=options.lines, follow=options.follow),
        "model": lambda: commands_model.model(settings, options),
        "reset": lambda: commands.reset(settings, confirmed=options.yes),
        "env": lambda: commands.env(settings),
    }
    if options.word == "start" and options.foreground:
        return commands_start.run_in_foreground(settings, options.ready_fd)
    return words[options.word]()


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        data=options.data.resolve(),
        aws_port=getattr(options, "aws_port", AWS_PORT),
        cloudflare_port=getattr(options, "cloudflare_port", CLOUDFLARE_PORT),
        lambda_runtimes=getattr(options, "lambda_runtimes", None),
        max_environments=getattr(options, "max_environments", None),
        node=getattr(options, "node", None),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m localcloud",
        description="AWS and Cloudflare on this machine, for any SDK, CLI or Pulumi program.",
    )
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")

    def word(name: str, text: str) -> argparse.ArgumentParser:
        added = words.add_parser(name, help=text, description=text)
        added.add_argument(
            "--data",
            metavar="DIR",
            type=Path,
            default=os.environ.get("PARALLAX_LOCALCLOUD_DATA", DEFAULT_DATA),
            help="where data and logs lie; one local cloud a folder (default: .parallax/localcloud, or "
            "PARALLAX_LOCALCLOUD_DATA)",
        )
        return added

    _add_start_options(word("start", "start both clouds, and return when they serve"))
    word("stop", "stop them; returns when all processes are gone")
    status = word("status", "what runs, and how well (exit code 0: healthy, 1: unwell, 3: not running)")
    status.add_argument("--json", action="store_true", help="for programs")
    logs = word("logs", "the end of the logs")
    logs.add_argument("name", nargs="?", metavar="NAME", help="a part, a function or a Worker (default: all parts)")
    logs.add_argument("--follow", "-f", action="store_true", help="go on with what is written from now on")
    logs.add_argument("--lines", "-n", type=_count, default=50, metavar="N", help="how many (default: 50)")
    commands_model.add_options(
        word("model", "the text model of both clouds: show it, slow it down, let it fail, replace it")
    )
    reset = word("reset", "delete everything in both clouds; keeps running if it ran")
    reset.add_argument("--yes", "-y", action="store_true", help="do not ask")
    env = word("env", "print the variables that point SDKs and CLIs here; to be evaluated by a shell")
    _add_ports(env)
    return parser


def _add_start_options(start: argparse.ArgumentParser) -> None:
    _add_ports(start)
    start.add_argument("--foreground", action="store_true", help="stay in the terminal; Ctrl-C stops")
    start.add_argument("--ready-fd", type=int, help=argparse.SUPPRESS)
    start.add_argument(
        "--lambda-runtimes",
        type=_path,
        metavar="DIR",
        default=_path_from_environment("PARALLAX_LAMBDA_RUNTIMES"),
        help="further Pythons for Lambda, one folder each (or PARALLAX_LAMBDA_RUNTIMES)",
    )
    start.add_argument("--max-environments", type=_count, metavar="N", help="most environments of one function at once")
    start.add_argument(
        "--node",
        type=_path,
        metavar="PATH",
        default=_path_from_environment("PARALLAX_NODE"),
        help="the Node 24 of the Worker host (default: the one on PATH, or PARALLAX_NODE)",
    )


def _add_ports(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--aws-port", type=_port, default=AWS_PORT, metavar="PORT", help=f"default: {AWS_PORT}")
    parser.add_argument(
        "--cloudflare-port", type=_port, default=CLOUDFLARE_PORT, metavar="PORT", help=f"default: {CLOUDFLARE_PORT}"
    )


def _path(text: str) -> Path:
    """Absolute: the parts run in other folders."""
    return Path(text).absolute()


def _path_from_environment(name: str) -> Path | None:
    return _path(os.environ[name]) if os.environ.get(name) else None


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; valid are 1 to 65535, or 0 for any free one")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
