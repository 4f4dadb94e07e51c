/**
 * The binding of the type `d1`, after workerd's (cloudflare/workerd, src/cloudflare/internal/d1-api.ts): the same methods,
 * results and errors. The Python SDK wraps it by the name of its class.
 */

import { OutsideRequestError } from './errors.mjs';
import { StorageFailure } from './storage/failures.mjs';

/**
 * @typedef {{ sql: string, params?: unknown[] }} Query
 * @typedef {import('./storage/d1.mjs').Outcome} Outcome
 * @typedef {{ success: true, meta: Record<string, unknown>, results: Record<string, unknown>[] }} Result
 *
 * @typedef {object} Store   one database
 * @property {(queries: Query[]) => Promise<{ outcomes: Outcome[], bookmark: string }>} query
 */

export class D1Database {
  #store;
  #primary;

  /** @param {Store | undefined} store  undefined while a script's top level runs */
  constructor(store) {
    this.#store = store;
    this.#primary = new Session(store, null);
  }

  /** @param {string} query @returns {D1PreparedStatement} */
  prepare(query) {
    return this.#primary.prepare(query);
  }

  /** @param {D1PreparedStatement[]} statements @returns {Promise<Result[]>} */
  async batch(statements) {
    return this.#primary.batch(statements);
  }

  /** Each line is a query. @param {string} query @returns {Promise<{ count: number, duration: number }>} */
  async exec(query) {
    const lines = query.trim().split('\n');
    try {
      const outcomes = await this.#primary.query(lines.map((sql) => ({ sql })));
      return { count: outcomes.length, duration: outcomes.reduce((sum, { meta }) => sum + Number(meta.duration), 0) };
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      const message = `Error in line 1: ${lines[0]}: ${error.message}`;
      throw new Error(`D1_EXEC_ERROR: ${message}`, { cause: new Error(message) });
    }
  }

  /** Every query goes to the one database that is here, so all constraints and bookmarks hold. @param {string} [constraint] */
  withSession(constraint) {
    return new D1DatabaseSession(this.#store, constraint?.trim() || 'first-unconstrained');
  }

  /** @deprecated for databases of D1's alpha only; Cloudflare refuses it for all others */
  async dump() {
    throw new Error('D1_DUMP_ERROR: Status + 400', { cause: new Error('Status 400') });
  }
}

/** What statements are sent through. */
class Session {
  #store;
  /** @type {string | null} */ #bookmark;

  /** @param {Store | undefined} store @param {string | null} bookmark */
  constructor(store, bookmark) {
    this.#store = store;
    this.#bookmark = bookmark;
  }

  /** @param {string} query */
  prepare(query) {
    return new D1PreparedStatement(this, query);
  }

  /** @param {D1PreparedStatement[]} statements @returns {Promise<Result[]>} */
  async batch(statements) {
    const outcomes = await this.send(statements.map(({ statement, params }) => ({ sql: statement, params })));
    return outcomes.map(result);
  }

  /** @param {Query[]} queries @returns {Promise<Outcome[]>} @throws {Error} `D1_ERROR: …` */
  async send(queries) {
    try {
      return await this.query(queries);
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      throw new Error(`D1_ERROR: ${error.message}`, { cause: new Error(error.message) });
    }
  }

  /** @param {Query[]} queries @returns {Promise<Outcome[]>} @throws {StorageFailure} */
  async query(queries) {
    if (this.#store === undefined) throw new OutsideRequestError();
    const { outcomes, bookmark } = await this.#store.query(queries);
    if (this.#bookmark !== null && (this.#bookmark.startsWith('first-') || this.#bookmark < bookmark)) this.#bookmark = bookmark;
    return outcomes;
  }

  /** The latest that an answer brought; null before the first. */
  getBookmark() {
    return this.#bookmark?.startsWith('first-') ? null : this.#bookmark;
  }
}

class D1DatabaseSession extends Session {}

class D1PreparedStatement {
  #session;

  /** @param {Session} session @param {string} statement @param {unknown[]} [params] */
  constructor(session, statement, params = []) {
    this.#session = session;
    this.statement = statement;
    this.params = params;
  }

  /** @param {unknown[]} values */
  bind(...values) {
    return new D1PreparedStatement(this.#session, this.statement, values.map(parameter));
  }

  /** @param {string} [column] */
  async first(column) {
    const [outcome] = await this.#send();
    if (!outcome.rows.length) return null;
    const [row] = result(outcome).results;
    if (column === undefined) return row;
    if (row[column] === undefined) throw new Error(`D1_COLUMN_NOTFOUND: Column not found (${column})`, { cause: new Error('Column not found') });
    return row[column];
  }

  async run() {
    return result((await this.#send())[0]);
  }

  async all() {
    return result((await this.#send())[0]);
  }

  /** @param {{ columnNames?: boolean }} [options] @returns {Promise<unknown[][]>} */
  async raw(options) {
    const [{ columns, rows }] = await this.#send();
    return options?.columnNames ? [columns, ...rows] : rows;
  }

  #send() {
    return this.#session.send([{ sql: this.statement, params: this.params }]);
  }
}

/** @param {unknown} value @returns {unknown} what SQLite takes; numbers cross as in JSON, where there is no NaN */
function parameter(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (Array.isArray(value) && value.every((byte) => typeof byte === 'number' && byte >= 0 && byte < 256)) return Uint8Array.from(value);
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (ArrayBuffer.isView(value)) return Uint8Array.from(/** @type {Uint8Array} */ (value));
  const message = `Type '${typeof value}' not supported for value '${value}'`;
  throw new Error(`D1_TYPE_ERROR: ${message}`, { cause: new Error(message) });
}

/** @param {Outcome} outcome @returns {Result} */
function result({ columns, rows, meta }) {
  return { success: true, meta, results: rows.map((row) => Object.fromEntries(row.map((value, index) => [columns[index], value]))) };
}
