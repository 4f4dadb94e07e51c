"""The v4 API's SQLite file. What is committed survives `kill -9` and a power cut."""

import sqlite3
from pathlib import Path

_SCHEMA = """
create table if not exists scripts (
    name text primary key,
    tag text not null,              -- the immutable id
    created_on text not null,
    modified_on text not null,
    version_id text not null,       -- what is deployed
    subdomain_enabled integer not null default 0,
    previews_enabled integer not null default 0
);
create table if not exists versions (
    id text primary key,
    script text not null references scripts (name) on delete cascade,
    number integer not null,
    created_on text not null,
    deployment_id text not null,
    settings text not null,         -- JSON: what the upload's metadata said, with secrets sealed
    modules text not null,          -- JSON: [{name, content_type}], the main module first; contents are files
    etag text not null,
    startup_time_ms integer not null,
    handlers text not null          -- JSON
);
create index if not exists versions_by_script on versions (script, number desc);
create table if not exists zones (
    id text primary key,
    name text not null unique,
    created_on text not null
);
create table if not exists routes (
    id text primary key,
    zone_id text not null references zones (id) on delete cascade,
    pattern text not null,
    script text,                    -- null: no Worker there, whatever a wider pattern says
    unique (zone_id, pattern)
);
create table if not exists d1_databases (
    uuid text primary key,          -- its rows are in a file of the Worker host's
    name text not null unique,
    created_at text not null,
    jurisdiction text,
    read_replication text not null  -- the mode
);
create table if not exists invocations (
    second integer not null,        -- since 1970
    script text not null,
    version text not null,
    status text not null,
    figures text not null,          -- JSON: CPU times, times and bytes of answers, one for each request
    background integer not null,
    subrequests integer not null
);
create index if not exists invocations_by_time on invocations (second);
create table if not exists kv_namespaces (
    id text primary key,            -- likewise
    title text not null unique,
    jurisdiction text
);
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Opens or makes the file. Transactions are explicit: `with connection:`."""
    connection = sqlite3.connect(path, check_same_thread=False)
    path.chmod(0o600)
    connection.row_factory = sqlite3.Row
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")
    connection.executescript(_SCHEMA)
    return connection
