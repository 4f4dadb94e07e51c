/** A folder of SQLite files under their ids; only `create` makes one. */

import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** At most so many are open at a time; the one that was used last of all is closed. */
const MOST_OPEN = 32;
const ID = /^[0-9a-f-]{32,36}$/;

/** @template {{ close: () => void }} T */
export class Files {
  #folder;
  #make;
  #missing;
  /** @type {Map<string, T>} */ #open = new Map();

  /** @param {string} folder @param {(path: string) => T} make @param {(id: string) => Error} missing  the error when there is none of that id */
  constructor(folder, make, missing) {
    this.#folder = folder;
    this.#make = make;
    this.#missing = missing;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** @param {string} id */
  create(id) {
    if (!ID.test(id)) throw this.#missing(id);
    this.#keep(id);
  }

  /** @param {string} id */
  open(id) {
    const open = this.#open.get(id);
    if (open !== undefined) {
      this.#open.delete(id);
      this.#open.set(id, open);
      return open;
    }
    if (!ID.test(id) || !existsSync(this.#path(id))) throw this.#missing(id);
    return this.#keep(id);
  }

  /** @param {string} id */
  delete(id) {
    if (!ID.test(id)) return;
    this.#open.get(id)?.close();
    this.#open.delete(id);
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.#path(id) + suffix, { force: true });
  }

  close() {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  /** @param {string} id */
  #keep(id) {
    const file = this.#make(this.#path(id));
    this.#open.set(id, file);
    for (const [oldest, unused] of this.#open) {
      if (this.#open.size <= MOST_OPEN) break;
      this.#open.delete(oldest);
      unused.close();
    }
    return file;
  }

  /** @param {string} id */
  #path(id) {
    return join(this.#folder, `${id}.sqlite`);
  }
}
