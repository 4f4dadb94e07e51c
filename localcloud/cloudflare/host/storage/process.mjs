/** The storage process as the host's child: started when a script first needs it, and again whenever it ends. */

import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { StorageClient } from './client.mjs';

const MAIN = join(import.meta.dirname, 'main.mjs');
const RESTART_MS = 100;
const ENDS_WITHIN_MS = 1000;

export class Storage {
  #folder;
  /** @type {import('node:child_process').ChildProcess | undefined} */ #child;
  #stopping = false;
  #client;

  /** @param {string} folder  of the data @param {string} socketPath */
  constructor(folder, socketPath) {
    this.#folder = folder;
    this.socketPath = socketPath;
    this.#client = new StorageClient(socketPath);
  }

  /** For a script with such bindings, or for the v4 API. Isolates wait by themselves until it listens. */
  need() {
    if (this.#child === undefined && !this.#stopping) this.#start();
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
    child.stdin?.on('error', () => {});
    child.once('error', (error) => process.stderr.write(`The storage process did not start: ${error.message}\n`));
    child.once('exit', () => void this.#ended());
  }

  async #ended() {
    if (this.#stopping) return;
    await setTimeout(RESTART_MS);
    if (!this.#stopping) this.#start();
  }
}
