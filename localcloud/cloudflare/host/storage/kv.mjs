/** The namespaces of Workers KV, one SQLite file each. Here every read sees the newest write; on Cloudflare after a minute. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { Files } from './files.mjs';
import { StorageFailure } from './failures.mjs';

/** developers.cloudflare.com/kv/platform/limits; messages as KV's own (workers-sdk, packages/miniflare/src/workers/kv). */
const MAX_KEY = 512;
const MAX_VALUE = 25 * 2 ** 20;
const MAX_METADATA = 1024;
const MIN_TTL = 60;
const MAX_LISTED = 1000;

/**
 * @typedef {{ value: Uint8Array, metadata: string | null, expiration: number | null }} Entry   expiration in seconds of the epoch
 * @typedef {{ key: string, value: Uint8Array, metadata?: string | null, expiration?: number | null, ttl?: number | null }} Write
 * @typedef {{ keys: { name: string, expiration: number | null, metadata: string | null }[], cursor: string | null }} Listing
 */

export class KvStore {
  /** @type {Files<KvFile>} */ #files;

  /** @param {string} folder */
  constructor(folder) {
    this.#files = new Files(join(folder, 'kv'), (path) => new KvFile(path), () => new StorageFailure('missing', 'namespace not found', 404));
  }

  /** @param {string} id */
  create(id) {
    this.#files.create(id);
  }

  /** @param {string} id */
  delete(id) {
    this.#files.delete(id);
  }

  /** @param {string} id @param {{ keys: string[] }} argument @returns {(Entry | null)[]} */
  get(id, { keys }) {
    const file = this.#files.open(id);
    return keys.map((key) => file.get(keyBytes(key)));
  }

  /** All or none. @param {string} id @param {{ entries: Write[] }} argument */
  put(id, { entries }) {
    this.#files.open(id).put(entries.map((entry) => ({ ...entry, key: keyBytes(entry.key), ...checked(entry) })));
  }

  /** @param {string} id @param {{ keys: string[] }} argument */
  remove(id, { keys }) {
    this.#files.open(id).remove(keys.map(keyBytes));
  }

  /** @param {string} id @param {{ prefix?: string | null, limit?: number | null, cursor?: string | null }} argument @returns {Listing} */
  list(id, { prefix, limit, cursor }) {
    const most = limit ?? MAX_LISTED;
    if (!(most >= 1)) throw new StorageFailure('invalid', `Invalid key_count_limit of ${most}. Please specify an integer greater than 0.`);
    if (most > MAX_LISTED) throw new StorageFailure('invalid', `Invalid key_count_limit of ${most}. Please specify an integer less than ${MAX_LISTED}.`);
    return this.#files.open(id).list(Buffer.from(prefix ?? ''), most, cursor ? Buffer.from(cursor, 'base64url') : null);
  }

  close() {
    this.#files.close();
  }
}

class KvFile {
  #database;
  #statements;

  /** @param {string} path */
  constructor(path) {
    const database = new DatabaseSync(path, { timeout: 5000 });
    this.#database = database;
    // Keys are bytes: so they are ordered as on Cloudflare, by their UTF-8.
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = normal;
      create table if not exists entries (key blob primary key, value blob not null, metadata text, expiration integer);
      create index if not exists expirations on entries (expiration) where expiration is not null;
    `);
    const live = '(expiration is null or expiration > ?)';
    this.#statements = {
      get: database.prepare(`select value, metadata, expiration from entries where key = ? and ${live}`),
      put: database.prepare('insert or replace into entries values (?, ?, ?, ?)'),
      remove: database.prepare('delete from entries where key = ?'),
      list: database.prepare(`select key, metadata, expiration from entries where key >= ? and key > ? and key < ? and ${live} order by key limit ?`),
      expire: database.prepare('delete from entries where expiration <= ?'),
    };
    this.#statements.expire.run(now());
  }

  close() {
    this.#database.close();
  }

  /** @param {Uint8Array} key @returns {Entry | null} */
  get(key) {
    return /** @type {Entry | undefined} */ (/** @type {unknown} */ (this.#statements.get.get(key, now()))) ?? null;
  }

  /** @param {{ key: Uint8Array, value: Uint8Array, metadata: string | null, expiration: number | null }[]} entries */
  put(entries) {
    this.#together(() => {
      for (const { key, value, metadata, expiration } of entries) this.#statements.put.run(key, value, metadata, expiration);
    });
  }

  /** @param {Uint8Array[]} keys */
  remove(keys) {
    this.#together(() => keys.forEach((key) => this.#statements.remove.run(key)));
  }

  /** @param {Buffer} prefix @param {number} limit @param {Buffer | null} after @returns {Listing} */
  list(prefix, limit, after) {
    this.#statements.expire.run(now());
    const rows = this.#statements.list.all(prefix, after ?? Buffer.of(), firstAfter(prefix), now(), limit + 1);
    const keys = rows.slice(0, limit).map(({ key, metadata, expiration }) => ({
      name: Buffer.from(/** @type {Uint8Array} */ (key)).toString(),
      metadata: /** @type {string | null} */ (metadata),
      expiration: /** @type {number | null} */ (expiration),
    }));
    return { keys, cursor: rows.length > limit ? Buffer.from(keys[limit - 1].name).toString('base64url') : null };
  }

  /** @param {() => void} work */
  #together(work) {
    this.#database.exec('begin immediate');
    try {
      work();
      this.#database.exec('commit');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw error;
    }
  }
}

/** The first bytes that no longer start with `prefix`; UTF-8 has no byte 0xFF. @param {Buffer} prefix */
function firstAfter(prefix) {
  const next = Buffer.from(prefix.length ? prefix : [0xfe]);
  next[next.length - 1] += 1;
  return next;
}

/** @param {string} key */
function keyBytes(key) {
  const bytes = Buffer.from(key);
  if (key === '') throw new StorageFailure('invalid', 'Key names must not be empty');
  if (key === '.' || key === '..') throw new StorageFailure('invalid', `Illegal key name "${key}". Please use a different name.`);
  if (bytes.length > MAX_KEY) throw new StorageFailure('invalid', `UTF-8 encoded length of ${bytes.length} exceeds key length limit of ${MAX_KEY}.`, 414);
  return bytes;
}

/** @param {Write} write @returns {{ metadata: string | null, expiration: number | null }} */
function checked({ value, metadata = null, expiration = null, ttl = null }) {
  if (value.length > MAX_VALUE) throw new StorageFailure('invalid', `Value length of ${value.length} exceeds limit of ${MAX_VALUE}.`, 413);
  const metadataLength = Buffer.byteLength(metadata ?? '');
  if (metadataLength > MAX_METADATA) throw new StorageFailure('invalid', `Metadata length of ${metadataLength} exceeds limit of ${MAX_METADATA}.`, 413);
  if (ttl !== null) {
    if (!Number.isInteger(ttl) || ttl <= 0) throw new StorageFailure('invalid', `Invalid expiration_ttl of ${ttl}. Please specify integer greater than 0.`);
    if (ttl < MIN_TTL) throw new StorageFailure('invalid', `Invalid expiration_ttl of ${ttl}. Expiration TTL must be at least ${MIN_TTL}.`);
    return { metadata, expiration: now() + ttl };
  }
  if (expiration !== null) {
    if (!Number.isInteger(expiration) || expiration <= now()) {
      throw new StorageFailure('invalid', `Invalid expiration of ${expiration}. Please specify integer greater than the current number of seconds since the UNIX epoch.`);
    }
    if (expiration < now() + MIN_TTL) {
      throw new StorageFailure('invalid', `Invalid expiration of ${expiration}. Expiration times must be at least ${MIN_TTL} seconds in the future.`);
    }
  }
  return { metadata, expiration };
}

function now() {
  return Math.floor(Date.now() / 1000);
}
