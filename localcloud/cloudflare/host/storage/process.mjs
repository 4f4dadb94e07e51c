/** The storage process as the host's child: started when a script first needs it, and again whenever it ends. */

import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { LONGEST_MS, StorageClient } from './client.mjs';

const MAIN = join(import.meta.dirname, 'main.mjs');
/** After a first death, and after several in a row. */
const RESTART_MS = [100, 5000];
const WELL_AFTER_MS = 10_000;
const ENDS_WITHIN_MS = 1000;
const ASKED_EVERY_MS = 1000;

export class Storage {
  #folder;
  /** @type {import('node:child_process').ChildProcess | undefined} */ #child;
  #needed = false;
  #stopping = false;
  #restartMs = RESTART_MS[0];
  #started = 0;
  #client;
  #longestMs;

  /** @param {string} folder  of the data @param {string} socketPath @param {number} [longestMs]  that one operation may take */
  constructor(folder, socketPath, longestMs = LONGEST_MS) {
    this.#folder = folder;
    this.#longestMs = longestMs;
    this.socketPath = socketPath;
    this.#client = new StorageClient(socketPath);
  }

  /** For a script with such bindings, or for the v4 API. Isolates wait by themselves until it listens. */
  need() {
    if (!this.#needed && !this.#stopping) this.#start();
    this.#needed = true;
  }

  /** @param {'d1' | 'kv'} service @param {string} id @param {string} operation @param {unknown} argument @returns {Promise<any>} */
  call(service, id, operation, argument) {
    this.need();
    return this.#client.call(service, id, operation, argument);
  }

  async stop() {
    this.#stopping = true;
    this.#client.close();
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    const late = new AbortController();
    await Promise.race([ended, setTimeout(ENDS_WITHIN_MS, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    // A query that runs on; what is committed stays.
    if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(this.socketPath, { force: true });
  }

  #start() {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const child = spawn(process.execPath, [MAIN, '--socket', this.socketPath, '--data', this.#folder], { stdio: ['pipe', 'ignore', 'inherit'], env: {} });
    this.#child = child;
    this.#started = performance.now();
    child.stdin?.on('error', () => {});
    child.once('error', (error) => process.stderr.write(`The storage process did not start: ${error.message}\n`));
    child.once('exit', () => void this.#ended());
    void this.#watch(child);
  }

  /** One that does not answer for so long is in a query that D1 would have ended by now. @param {import('node:child_process').ChildProcess} child */
  async #watch(child) {
    while (child === this.#child && !this.#stopping) {
      const late = setTimeout(this.#longestMs, 'late', { ref: false });
      const answer = this.#client.call('process', '', 'ping').catch(() => 'gone');
      if ((await Promise.race([answer, late])) === 'late' && child === this.#child) child.kill('SIGKILL');
      await setTimeout(ASKED_EVERY_MS, undefined, { ref: false });
    }
  }

  async #ended() {
    this.#child = undefined;
    if (this.#stopping) return;
    const well = performance.now() - this.#started > WELL_AFTER_MS;
    this.#restartMs = well ? RESTART_MS[0] : Math.min(2 * this.#restartMs, RESTART_MS[1]);
    await setTimeout(this.#restartMs);
    if (!this.#stopping) this.#start();
  }
}
