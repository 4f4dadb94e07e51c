/** One database of D1: its rules, its limits, and what a query's answer tells beside the rows. */

import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { constants, DatabaseSync } from 'node:sqlite';

import { authorize } from './authorizer.mjs';
import { sqlFailure, StorageFailure } from './failures.mjs';
import { split } from './sql.mjs';

/**
 * developers.cloudflare.com/d1/platform/limits (parameters, statement and value length, columns, LIKE patterns), and where
 * that is silent workerd (src/workerd/util/sqlite.c++, SqliteDatabase::setupSecurity).
 */
const LIMITS = {
  length: 2_000_000,
  sqlLength: 100_000,
  column: 100,
  exprDepth: 100,
  compoundSelect: 5,
  vdbeOp: 25_000,
  functionArg: 127,
  attach: 0,
  likePatternLength: 50,
  variableNumber: 100,
  triggerDepth: 10,
};
/** Of the paid plan; ten thousand million, as people's own full databases show. */
const LARGEST = 10_000_000_000;
/** sqlite.org/rescode.html */
const FULL = 13;
const STATEMENTS_KEPT = 200;
/** Another host may end just now, and still commit. */
const BUSY_MS = 5000;

const SCHEMA_CHANGES = new Set([
  constants.SQLITE_CREATE_TABLE, constants.SQLITE_DROP_TABLE, constants.SQLITE_ALTER_TABLE, constants.SQLITE_CREATE_INDEX,
  constants.SQLITE_DROP_INDEX, constants.SQLITE_CREATE_VTABLE, constants.SQLITE_DROP_VTABLE,
]);

/**
 * @typedef {object} Compiled
 * @property {string} sql
 * @property {number} parameters
 * @property {import('node:sqlite').StatementSync} [prepared]   when it first runs, as it may need what the one before it makes
 * @property {string[]} columns
 * @property {boolean} changesSchema
 * @property {number} writesPerChange   rows that a changed row writes: itself, and one in each index that it stands in
 */

export class D1File {
  #database;
  #changes;
  #size;
  #begin;
  #commit;
  #rollback;
  /** @type {Map<string, Compiled[]>} */ #compiled = new Map();
  #sequence = 0;
  #tail = randomBytes(16).toString('hex');
  #bytes = 0;
  #path;
  #trusted = false;
  /** @type {StorageFailure | undefined} */ #refusal;
  /** @type {{ inserted: Set<string>, updated: Set<string>, changesSchema: boolean }} */ #seen = nothing();

  /** @param {string} path @param {number} [largest]  size in bytes */
  constructor(path, largest = LARGEST) {
    this.#path = path;
    // `limits` is newer than the types of Node that are at hand.
    this.#database = new DatabaseSync(path, /** @type {any} */ ({ limits: LIMITS, enableForeignKeyConstraints: true, timeout: BUSY_MS }));
    if (!('limits' in this.#database) || !('setAuthorizer' in this.#database)) {
      throw new StorageFailure('unavailable', `D1's rules need a newer Node 24 than ${process.version}: put one on PATH, or name it with --node.`, 500);
    }
    const prepare = (/** @type {string} */ sql) => this.#database.prepare(sql);
    // Survives the end of any process. A power cut can take the last commits, but never half of one.
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = normal');
    const pageSize = Number(prepare('pragma page_size').get()?.page_size);
    this.#database.exec(`pragma max_page_count = ${Math.floor(largest / pageSize)}`);
    this.#changes = prepare('select total_changes() as total, last_insert_rowid() as last');
    this.#size = prepare('select page_count * page_size as size from pragma_page_count(), pragma_page_size()');
    this.#begin = prepare('begin immediate');
    this.#commit = prepare('commit');
    this.#rollback = prepare('rollback');
    this.#database.setAuthorizer((action, first, second) => this.#authorize(action, first, second));
  }

  close() {
    this.#database.close();
  }

  /** More recent ones compare as greater, whatever was restarted in between. */
  bookmark() {
    const seconds = Math.floor(Date.now() / 1000).toString(16).padStart(8, '0');
    const sequence = (this.#sequence++).toString(16).padStart(8, '0');
    return `${seconds}-${sequence}-00000000-${this.#tail}`;
  }

  describe() {
    const count = this.#trust(() => this.#database.prepare("select count(*) as tables from sqlite_schema where type = 'table' and name not like 'sqlite^_%' escape '^'").get());
    return { size: this.#measure(), tables: Number(count?.tables) };
  }

  /** A changed schema has statements compiled anew, and authorized anew. */
  #measure() {
    this.#bytes = Number(this.#trust(() => this.#size.get())?.size);
    return this.#bytes;
  }

  /** @param {import('./d1.mjs').Query[]} queries @param {boolean} every @returns {import('./d1.mjs').Outcome[]} */
  query(queries, every) {
    const plan = queries.map(({ sql, params }) => ({ statements: this.#compile(sql), params: params ?? [] })).filter(({ statements }) => statements.length);
    if (!plan.length) throw new StorageFailure('sql', 'No SQL statements detected.');
    for (const { statements, params } of plan) {
      if (!params.length || statements.slice(0, -1).every(({ parameters }) => parameters === 0)) continue;
      throw new StorageFailure('sql', 'When executing multiple SQL statements in a single call, only the last statement can have parameters.');
    }
    if (plan.length === 1 && plan[0].statements.length === 1) return [this.#run(plan[0].statements[0], plan[0].params)];
    this.#trust(() => this.#begin.run());
    try {
      const outcomes = plan.flatMap(({ statements, params }) => {
        const all = statements.map((statement, index) => this.#run(statement, index === statements.length - 1 ? params : []));
        return every ? all : all.slice(-1);
      });
      this.#committed();
      return outcomes;
    } catch (error) {
      // Some errors (a full disk) have rolled back already.
      if (this.#database.isTransaction) this.#trust(() => this.#rollback.run());
      throw error;
    }
  }

  /** Foreign keys that were deferred are checked here. */
  #committed() {
    try {
      this.#trust(() => this.#commit.run());
    } catch (error) {
      throw this.#failure(error, '');
    }
  }

  /** @param {unknown} error @param {string} sql */
  #failure(error, sql) {
    const full = /** @type {{ errcode?: number }} */ (error).errcode === FULL;
    // SQLite has one code for a full database and a full disk.
    if (full && freeBytes(this.#path) > LIMITS.length) return new StorageFailure('sql', 'Exceeded maximum DB size');
    return sqlFailure(error, sql);
  }

  /** @param {string} sql @returns {Compiled[]} */
  #compile(sql) {
    const known = this.#compiled.get(sql);
    if (known !== undefined) return known;
    const compiled = split(sql).map((statement) => ({ ...statement, columns: [], changesSchema: false, writesPerChange: 1 }));
    this.#compiled.set(sql, compiled);
    for (const oldest of this.#compiled.keys()) {
      if (this.#compiled.size <= STATEMENTS_KEPT) break;
      this.#compiled.delete(oldest);
    }
    return compiled;
  }

  /** @param {Compiled} statement @param {unknown[]} params @returns {import('./d1.mjs').Outcome} */
  #run(statement, params) {
    const start = performance.now();
    const before = this.#trust(() => this.#changes.get());
    let rows;
    this.#refusal = undefined;
    try {
      const prepared = (statement.prepared ??= this.#prepare(statement));
      if (params.length !== statement.parameters) throw new StorageFailure('sql', 'Wrong number of parameter bindings for SQL query.');
      rows = /** @type {unknown[][]} */ (/** @type {unknown} */ (prepared.all(.../** @type {any[]} */ (params))));
      // The statement may have been compiled anew, for a changed table.
      statement.columns = prepared.columns().map(({ name }) => name);
    } catch (error) {
      throw this.#refusal ?? this.#failure(error, statement.sql);
    }
    for (const row of rows) {
      for (let index = 0; index < row.length; index += 1) {
        if (typeof row[index] !== 'string') row[index] = plainValue(row[index]);
      }
    }
    return { columns: statement.columns, rows, meta: this.#meta(statement, start, rows.length, before) };
  }

  /** @param {Compiled} statement @param {number} start @param {number} returned @param {any} before */
  #meta(statement, start, returned, before) {
    const after = /** @type {any} */ (this.#trust(() => this.#changes.get()));
    const changes = Number(after.total) - Number(before.total);
    const changed = changes > 0 || statement.changesSchema;
    if (statement.changesSchema) this.#compiled.clear();
    const duration = performance.now() - start;
    return {
      served_by: 'local',
      served_by_region: 'WEUR',
      served_by_colo: 'LOC',
      served_by_primary: true,
      timings: { sql_duration_ms: duration },
      duration,
      changes,
      last_row_id: Number(after.last),
      changed_db: changed,
      size_after: changed || this.#bytes === 0 ? this.#measure() : this.#bytes,
      // A departure: rows that a scan passes over are not counted, as only D1's own build of SQLite tells them.
      rows_read: Math.max(returned, changes),
      rows_written: changes * statement.writesPerChange,
      total_attempts: 1,
    };
  }

  /** @param {Compiled} statement */
  #prepare(statement) {
    this.#seen = nothing();
    const prepared = this.#database.prepare(statement.sql);
    prepared.setReturnArrays(true);
    prepared.setReadBigInts(true);
    const { inserted, updated, changesSchema } = this.#seen;
    statement.changesSchema = changesSchema;
    if (inserted.size || updated.size) statement.writesPerChange = 1 + this.#trust(() => this.#indexes(inserted, updated));
    return prepared;
  }

  /** @param {Set<string>} inserted  tables @param {Set<string>} updated  `table.column` */
  #indexes(inserted, updated) {
    const tables = new Set([...inserted, ...[...updated].map((place) => place.split('\0')[0])]);
    let found = 0;
    for (const table of tables) {
      const indexes = this.#database.prepare(
        "select l.name, json_group_array(i.name) as columns from pragma_index_list(?) l, pragma_index_info(l.name) i group by l.name",
      ).all(table);
      for (const { columns } of indexes) {
        if (inserted.has(table) || JSON.parse(String(columns)).some((/** @type {string} */ column) => updated.has(`${table}\0${column}`))) found += 1;
      }
    }
    return found;
  }

  /** @param {number} action @param {string | null} first @param {string | null} second */
  #authorize(action, first, second) {
    if (this.#trusted) return constants.SQLITE_OK;
    if (action === constants.SQLITE_INSERT || action === constants.SQLITE_DELETE) this.#seen.inserted.add(String(first));
    else if (action === constants.SQLITE_UPDATE) this.#seen.updated.add(`${first}\0${second}`);
    if (SCHEMA_CHANGES.has(action)) this.#seen.changesSchema = true;
    try {
      return authorize(action, first, second);
    } catch (error) {
      this.#refusal = /** @type {StorageFailure} */ (error);
      return constants.SQLITE_DENY;
    }
  }

  /** @template T @param {() => T} work */
  #trust(work) {
    this.#trusted = true;
    try {
      return work();
    } finally {
      this.#trusted = false;
    }
  }
}

function nothing() {
  return { inserted: new Set(), updated: new Set(), changesSchema: false };
}

/** As in JSON, in which D1 answers: numbers are doubles, a blob is a list of its bytes. @param {unknown} value */
function plainValue(value) {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return Array.from(value);
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

/** Of the disk that the file lies on. @param {string} path */
function freeBytes(path) {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
