"""`python -m localcloud` with small parts in place of the real ones; MISBEHAVE=NAME:HOW spoils one of them."""

import dataclasses
import os
import sys
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from localcloud import __main__, commands_start
from localcloud.child import Part
from localcloud.settings import Settings

real_parts = Settings.parts


def small_parts(settings: Settings) -> tuple[Part, ...]:
    name, _, how = os.environ.get("PARALLAX_TEST_MISBEHAVE", "").partition(":")
    program = (sys.executable, str(Path(__file__).with_name("small_part.py")))
    return tuple(
        dataclasses.replace(
            part,
            program=program,
            arguments=(*part.arguments[:6], *(("--misbehave", how) if part.name == name else ())),
        )
        for part in real_parts(settings)
    )


if __name__ == "__main__":
    start = commands_start.start
    program = (sys.executable, __file__)
    with (
        mock.patch.object(Settings, "parts", small_parts),
        mock.patch.object(commands_start, "start", lambda settings: start(settings, program)),
    ):
        sys.exit(__main__.main())
