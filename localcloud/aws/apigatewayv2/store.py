"""The control plane's state: in memory to be read, in SQLite to survive."""

from __future__ import annotations

import pickle
import sqlite3
from pathlib import Path

from localcloud.aws.apigatewayv2.models import ApiRecord


class Store:
    """All APIs of one region and account. `save` returns when the change survives a killed process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS apis (id TEXT, region TEXT, record BLOB, PRIMARY KEY (id))")
        self.apis: dict[str, ApiRecord] = {}
        self.regions: dict[str, str] = {}
        for api, region, record in self._database.execute("SELECT id, region, record FROM apis ORDER BY rowid"):
            # Our own file in a folder of the user's own; pickled because documents hold datetimes.
            self.apis[api] = pickle.loads(record)  # noqa: S301
            self.regions[api] = region

    def save(self, record: ApiRecord, region: str) -> None:
        """Keeps one API with all below it."""
        api = record.api["ApiId"]
        self._database.execute(
            "INSERT INTO apis (id, region, record) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET record = excluded.record",
            (api, region, pickle.dumps(record)),
        )
        self.apis[api] = record
        self.regions[api] = region

    def delete(self, api: str) -> None:
        """Forgets one API."""
        self._database.execute("DELETE FROM apis WHERE id = ?", (api,))
        del self.apis[api]
        del self.regions[api]

    def close(self) -> None:
        """Closes the file."""
        self._database.close()
