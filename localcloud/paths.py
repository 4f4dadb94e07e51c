"""Where one local cloud keeps its things: data, logs, and the short private folder of its sockets."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_DATA = ROOT / ".parallax" / "localcloud"


class UnsafeFolderError(Exception):
    """A folder that must be private belongs to someone else, or others may write to it."""

    code = "UnsafeFolder"


@dataclass(frozen=True, slots=True)
class Folders:
    """The places of the local cloud whose data lie in `data`; two with different data share nothing."""

    data: Path

    @property
    def logs(self) -> Path:
        """One log a part (`aws.log`), and what functions and Workers write; see docs/architecture.md."""
        return self.data / "logs"

    @property
    def run_file(self) -> Path:
        return self.data / "run.json"

    @property
    def model_file(self) -> Path:
        """What the user has told the text model of both clouds (`localcloud/model/settings.py`)."""
        return self.data / "model.json"

    @property
    def lock_file(self) -> Path:
        return self.data / "run.lock"

    @property
    def sockets(self) -> Path:
        """Short, as a Unix socket's path may have no more than 104 bytes on macOS, wherever the data lie."""
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"parallax-{os.getuid()}-{digest}"

    @property
    def supervisor_socket(self) -> Path:
        return self.sockets / "supervisor.sock"

    def part_data(self, name: str) -> Path:
        return self.data / name

    def control_socket(self, name: str) -> Path:
        return self.sockets / f"{name}.sock"

    def create(self) -> None:
        for folder in (self.data, self.logs, self.sockets):
            private_folder(folder)


def private_folder(path: Path) -> Path:
    """Makes `path` (mode 0700) unless it is there; refuses one that somebody else owns, as in a shared /tmp."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise UnsafeFolderError(f"{path} is not a folder of yours; remove it, or choose another with --data or TMPDIR")
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
    return path
