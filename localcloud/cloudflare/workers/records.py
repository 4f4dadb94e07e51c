"""Scripts and their versions as rows."""

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Version:
    """An accepted upload. `modules` are (name, content type), the main one first; times are RFC 3339."""

    id: str
    script: str
    number: int
    created_on: str
    deployment_id: str
    settings: dict[str, Any]
    modules: tuple[tuple[str, str], ...]
    etag: str
    startup_time_ms: int
    handlers: tuple[str, ...]

    @property
    def triggered_by(self) -> str:
        """What made this version: an upload, or a changed secret."""
        return str(self.settings.get("triggered_by", "upload"))

    @property
    def main_module(self) -> str:
        return self.modules[0][0]

    def started(self, startup_time_ms: int, handlers: tuple[str, ...]) -> "Version":
        """The same with what the host found."""
        return replace(self, startup_time_ms=startup_time_ms, handlers=handlers)


@dataclass(frozen=True, slots=True)
class Script:
    """A script with the version that is deployed."""

    name: str
    tag: str
    created_on: str
    modified_on: str
    subdomain_enabled: bool
    previews_enabled: bool
    version: Version


class ScriptTable:
    """Reads and writes; every write is one transaction."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def find(self, name: str) -> Script | None:
        row = self._database.execute("select * from scripts where name = ?", (name,)).fetchone()
        return self._script(row) if row else None

    def all(self) -> list[Script]:
        rows = self._database.execute("select * from scripts order by name").fetchall()
        return [self._script(row) for row in rows]

    def versions(self, name: str) -> list[Version]:
        """The newest first."""
        query = "select * from versions where script = ? order by number desc"
        return [_version(row) for row in self._database.execute(query, (name,))]

    def add_version(self, tag: str, version: Version, keep: int) -> list[Version]:
        """Makes `version` the deployed one and returns those that are no longer among the last `keep`."""
        with self._database:
            self._database.execute(
                "insert into scripts (name, tag, created_on, modified_on, version_id) values (?, ?, ?, ?, ?) "
                "on conflict (name) do update set modified_on = excluded.modified_on, version_id = excluded.version_id",
                (version.script, tag, version.created_on, version.created_on, version.id),
            )
            self._database.execute(
                "insert into versions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(version.id, version.script, version.number, version.created_on, version.deployment_id),
                    *(json.dumps(version.settings), json.dumps(version.modules), version.etag),
                    *(version.startup_time_ms, json.dumps(version.handlers)),
                ),
            )
            old = self.versions(version.script)[keep:]
            self._database.executemany("delete from versions where id = ?", [(version.id,) for version in old])
        return old

    def set_subdomain(self, name: str, *, enabled: bool, previews_enabled: bool) -> None:
        with self._database:
            self._database.execute(
                "update scripts set subdomain_enabled = ?, previews_enabled = ? where name = ?",
                (enabled, previews_enabled, name),
            )

    def delete(self, name: str) -> None:
        """With its versions, and the routes that lead to it."""
        with self._database:
            self._database.execute("delete from routes where script = ?", (name,))
            self._database.execute("delete from scripts where name = ?", (name,))

    def _script(self, row: sqlite3.Row) -> Script:
        found = self._database.execute("select * from versions where id = ?", (row["version_id"],)).fetchone()
        return Script(
            name=row["name"],
            tag=row["tag"],
            created_on=row["created_on"],
            modified_on=row["modified_on"],
            subdomain_enabled=bool(row["subdomain_enabled"]),
            previews_enabled=bool(row["previews_enabled"]),
            version=_version(found),
        )


def _version(row: sqlite3.Row) -> Version:
    return Version(
        **{name: row[name] for name in ("id", "script", "number", "created_on", "deployment_id", "etag")},
        startup_time_ms=row["startup_time_ms"],
        settings=json.loads(row["settings"]),
        modules=tuple((name, kind) for name, kind in json.loads(row["modules"])),
        handlers=tuple(json.loads(row["handlers"])),
    )
