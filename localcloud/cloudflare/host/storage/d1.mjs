/** The databases of D1, one SQLite file each, one query at a time. */

import { join } from 'node:path';

import { D1File } from './d1_file.mjs';
import { Files } from './files.mjs';
import { StorageFailure } from './failures.mjs';

/**
 * @typedef {{ sql: string, params?: unknown[] }} Query
 *
 * @typedef {object} Outcome   of one statement
 * @property {string[]} columns
 * @property {unknown[][]} rows
 * @property {Record<string, unknown>} meta
 */

export class D1Store {
  /** @type {Files<D1File>} */ #files;

  /** @param {string} folder */
  constructor(folder) {
    this.#files = new Files(join(folder, 'd1'), (path) => new D1File(path), (id) => new StorageFailure('missing', `The database ${id} could not be found`));
  }

  /** @param {string} id */
  create(id) {
    this.#files.create(id);
  }

  /** @param {string} id */
  delete(id) {
    this.#files.delete(id);
  }

  /** @param {string} id @returns {{ size: number, tables: number }} */
  describe(id) {
    return this.#files.open(id).describe();
  }

  /**
   * In one transaction: all of the queries, or none.
   * @param {string} id @param {{ queries: Query[], every?: boolean }} argument  `every`: the outcome of each statement of a query
   *   that has several, and not only of its last one
   * @returns {{ outcomes: Outcome[], bookmark: string }}
   */
  query(id, { queries, every = false }) {
    const file = this.#files.open(id);
    return { outcomes: file.query(queries, every), bookmark: file.bookmark() };
  }

  close() {
    this.#files.close();
  }
}
