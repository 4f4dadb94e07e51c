/** A connection to the storage process, from an isolate or from the host itself. */

import { createConnection } from 'node:net';
import { setTimeout } from 'node:timers/promises';

import { StorageFailure } from './failures.mjs';
import { frame, FrameReader } from './frames.mjs';

/** A storage process that ended is started anew meanwhile. */
const TRIES = 100;
const BETWEEN_TRIES_MS = 50;
/** developers.cloudflare.com/d1/platform/limits: the longest that a query may take. */
export const LONGEST_MS = 30_000;

/** @typedef {{ resolve: (result: any) => void, reject: (error: Error) => void, started: number }} Waiting */

export class StorageClient {
  #path;
  #arrived;
  /** @type {Promise<import('node:net').Socket> | undefined} */ #connection;
  /** @type {Map<number, Waiting>} */ #waiting = new Map();
  #calls = 0;

  /** @param {string} path  of the storage process's socket @param {() => void} [arrived]  called before each answer is handed on */
  constructor(path, arrived = () => {}) {
    this.#path = path;
    this.#arrived = arrived;
  }

  /**
   * @param {'d1' | 'kv' | 'process'} service @param {string} id  of a database or namespace @param {string} operation
   * @param {unknown} [argument]  what `v8.serialize` takes @returns {Promise<any>}
   * @throws {StorageFailure}
   */
  async call(service, id, operation, argument) {
    const connection = await (this.#connection ??= this.#connect());
    const call = (this.#calls += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject, started: performance.now() });
      connection.write(frame({ call, service, id, operation, argument }));
    });
  }

  close() {
    void this.#connection?.then((connection) => connection.destroy(), () => {});
  }

  async #connect() {
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          return await this.#open();
        } catch (error) {
          if (tries === TRIES) throw new StorageFailure('unavailable', 'Network connection lost.', 500);
          await setTimeout(BETWEEN_TRIES_MS);
        }
      }
    } catch (error) {
      this.#connection = undefined;
      throw error;
    }
  }

  /** Settles when the process has greeted: a connection to one that just ends can be made, and is never served. */
  #open() {
    return new Promise((/** @type {(connection: import('node:net').Socket) => void} */ resolve, reject) => {
      const connection = createConnection(this.#path);
      let greeted = false;
      const reader = new FrameReader((message) => {
        if (greeted) this.#receive(message);
        else {
          greeted = true;
          resolve(connection);
        }
      });
      connection.on('data', (chunk) => reader.push(chunk));
      connection.on('error', reject);
      connection.once('close', () => (greeted ? this.#lost() : reject(new Error('closed'))));
    });
  }

  /** @param {{ call: number, result?: unknown, failure?: { kind: 'sql', message: string, status: number } }} message */
  #receive({ call, result, failure }) {
    this.#arrived();
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (failure) waiting?.reject(new StorageFailure(failure.kind, failure.message, failure.status));
    else waiting?.resolve(result);
  }

  /** In D1's words: developers.cloudflare.com/d1/observability/debug-d1 (list of D1_ERRORs). */
  #lost() {
    this.#arrived();
    this.#connection = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, started } of waiting) {
      const tooLong = performance.now() - started > LONGEST_MS - 1000;
      const message = tooLong ? 'D1 DB storage operation exceeded timeout which caused object to be reset.' : 'Network connection lost.';
      reject(new StorageFailure('unavailable', message, 500));
    }
  }
}
