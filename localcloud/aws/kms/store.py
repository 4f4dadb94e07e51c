"""Keys, their material (encrypted under the root key) and aliases on disk."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, cast

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from localcloud.key_file import KeyFileError, root_key

Document = dict[str, Any]

_NONCE = 12
_TABLES = """
CREATE TABLE IF NOT EXISTS checks (name TEXT PRIMARY KEY, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, region TEXT NOT NULL, document BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS materials (key TEXT, generation INTEGER, sealed BLOB NOT NULL,
  PRIMARY KEY (key, generation));
CREATE TABLE IF NOT EXISTS aliases (region TEXT, name TEXT, key TEXT NOT NULL, created REAL, updated REAL,
  PRIMARY KEY (region, name));
"""


class Store:
    """Each call is one transaction; kill -9 loses none. Raises KeyFileError when it cannot open what it holds."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "kms.sqlite3"
        path.touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)
        row = self._database.execute("SELECT sealed FROM checks WHERE name = 'root'").fetchone()
        try:
            self._root = AESGCM(root_key(folder / "root.key", make=row is None))
            self._verify(folder, row[0] if row is not None else None)
        except KeyFileError:
            self._database.close()
            raise
        self._opened: dict[tuple[str, int], AESGCM] = {}

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def key(self, key_id: str, region: str) -> Document | None:
        """A key's document."""
        row = self._database.execute(
            "SELECT document FROM keys WHERE id = ? AND region = ?", (key_id, region)
        ).fetchone()
        return None if row is None else cast("Document", orjson.loads(row[0]))

    def keys(self, region: str) -> list[str]:
        """The ids of a region's keys, in order."""
        return [row[0] for row in self._database.execute("SELECT id FROM keys WHERE region = ? ORDER BY id", (region,))]

    def add_key(self, key_id: str, region: str, document: Document) -> None:
        """A new key with its first material."""
        self._database.execute("BEGIN")
        self._database.execute("INSERT INTO keys VALUES (?, ?, ?)", (key_id, region, orjson.dumps(document)))
        self._add_material(key_id, 1)
        self._database.execute("COMMIT")

    def put_key(self, key_id: str, document: Document) -> None:
        """A changed document."""
        self._database.execute("UPDATE keys SET document = ? WHERE id = ?", (orjson.dumps(document), key_id))

    def rotate(self, key_id: str, generation: int, document: Document) -> None:
        """Further material and what the document says of it; the earlier one stays for decryption."""
        self._database.execute("BEGIN")
        self._add_material(key_id, generation)
        self.put_key(key_id, document)
        self._database.execute("COMMIT")

    def remove_key(self, key_id: str) -> None:
        """Removes a key, its material and its aliases."""
        self._database.execute("BEGIN")
        for statement in ("materials WHERE key", "aliases WHERE key", "keys WHERE id"):
            self._database.execute(f"DELETE FROM {statement} = ?", (key_id,))  # noqa: S608
        self._database.execute("COMMIT")
        self._opened = {found: cipher for found, cipher in self._opened.items() if found[0] != key_id}

    def material(self, key_id: str, generation: int) -> AESGCM | None:
        """A cipher of the key's material, or None where there is no such generation."""
        found = self._opened.get((key_id, generation))
        if found is None:
            row = self._database.execute(
                "SELECT sealed FROM materials WHERE key = ? AND generation = ?", (key_id, generation)
            ).fetchone()
            if row is None:
                return None
            found = AESGCM(self._root.decrypt(row[0][:_NONCE], row[0][_NONCE:], _bound(key_id, generation)))
            self._opened[key_id, generation] = found
        return found

    def alias(self, region: str, name: str) -> tuple[str, float, float] | None:
        """(key, created, updated) of `alias/NAME`."""
        row = self._database.execute(
            "SELECT key, created, updated FROM aliases WHERE region = ? AND name = ?", (region, name)
        ).fetchone()
        return None if row is None else (row[0], row[1], row[2])

    def aliases(self, region: str) -> list[tuple[str, str, float, float]]:
        """(name, key, created, updated), by name."""
        rows = self._database.execute(
            "SELECT name, key, created, updated FROM aliases WHERE region = ? ORDER BY name", (region,)
        )
        return rows.fetchall()

    def put_alias(self, region: str, name: str, key_id: str, created: float, updated: float) -> None:
        """A new or changed alias."""
        values = (region, name, key_id, created, updated)
        self._database.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?, ?, ?, ?)", values)

    def remove_alias(self, region: str, name: str) -> None:
        """Removes an alias."""
        self._database.execute("DELETE FROM aliases WHERE region = ? AND name = ?", (region, name))

    def _add_material(self, key_id: str, generation: int) -> None:
        sealed = self._seal(AESGCM.generate_key(256), _bound(key_id, generation))
        self._database.execute("INSERT INTO materials VALUES (?, ?, ?)", (key_id, generation, sealed))

    def _seal(self, value: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._root.encrypt(nonce, value, bound)

    def _verify(self, folder: Path, sealed: bytes | None) -> None:
        """That the root key is the one under which the data was encrypted."""
        if sealed is None:
            self._database.execute("INSERT INTO checks VALUES ('root', ?)", (self._seal(b"root", b"root"),))
            return
        try:
            self._root.decrypt(sealed[:_NONCE], sealed[_NONCE:], b"root")
        except InvalidTag:
            text = f"{folder / 'root.key'} is not the key of this data; put the original back, or reset"
            raise KeyFileError("KeyFileWrong", text) from None


def _bound(key_id: str, generation: int) -> bytes:
    """Ties material to its key, so that rows cannot be exchanged."""
    return f"{key_id}:{generation}".encode()
