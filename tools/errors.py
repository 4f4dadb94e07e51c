"""What can go wrong before anything of Parallax runs."""

from __future__ import annotations


class SetupError(Exception):
    """Set-up cannot go on. The message is one line that says what, and what to do; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
