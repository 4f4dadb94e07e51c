/** The private socket: the v4 API tells which scripts there are and where they answer. */

import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';

import { needStorage } from './bindings.mjs';
import { UploadError } from './errors.mjs';
import { Invocations } from './invocations.mjs';
import { collectWhenQuiet } from './memory.mjs';
import { Script } from './script.mjs';
import { StorageFailure } from './storage/failures.mjs';
import { fromJson, toJson } from './storage/json.mjs';
import { deploy } from './upload.mjs';

export class Control {
  /** @type {Map<string, Script>} */ scripts = new Map();
  /** @type {Map<string, Promise<unknown>>} */ #turns = new Map();
  #deployed = collectWhenQuiet();
  #invocations = new Invocations();
  #server;
  #releases;
  #snapshots;
  #apiSocket;
  #storage;
  #addresses;
  #log;
  #maxIsolates;

  /**
   * @param {object} parts
   * @param {import('./upload.mjs').Releases} parts.releases
   * @param {string} parts.snapshots  a folder of the host's own; what an earlier host left there is removed
   * @param {string} parts.apiSocket  of the v4 API's process
   * @param {import('./storage/process.mjs').Storage} parts.storage
   * @param {import('./addresses.mjs').Addresses} parts.addresses
   * @param {(script: string, level: string, text: string) => void} parts.log
   * @param {number} parts.maxIsolates
   */
  constructor({ releases, snapshots, apiSocket, storage, addresses, log, maxIsolates }) {
    this.#releases = releases;
    this.#snapshots = snapshots;
    rmSync(snapshots, { recursive: true, force: true });
    mkdirSync(snapshots, { recursive: true });
    this.#apiSocket = apiSocket;
    this.#storage = storage;
    this.#addresses = addresses;
    this.#log = log;
    this.#maxIsolates = maxIsolates;
    this.#server = createServer((incoming, outgoing) => void this.#handle(incoming, outgoing));
  }

  /** @param {string} socketPath @returns {Promise<void>} */
  listen(socketPath) {
    rmSync(socketPath, { force: true });
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socketPath, resolve);
    });
  }

  async close() {
    this.#server.close();
    this.#server.closeAllConnections();
    await Promise.all([...this.scripts.values()].map((script) => script.kill()));
    await this.#storage.stop();
  }

  /** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} outgoing */
  async #handle(incoming, outgoing) {
    let status = 200;
    /** @type {unknown} */
    let answer;
    try {
      const chunks = await incoming.toArray();
      const text = Buffer.concat(chunks).toString();
      // Only there: a binding of the type `json` may look like bytes.
      const body = text === '' ? {} : incoming.url === '/storage' ? fromJson(text) : JSON.parse(text);
      answer = await this.#call(incoming.method ?? '', incoming.url ?? '', body);
      if (answer === undefined) {
        status = 404;
        answer = { code: 404, message: `No such operation: ${incoming.method} ${incoming.url}` };
      }
    } catch (error) {
      [status, answer] = refusal(error);
    }
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(toJson(answer));
  }

  /** @param {string} method @param {string} url @param {any} body @returns {Promise<unknown>} undefined for no such operation */
  async #call(method, url, body) {
    const name = /^\/scripts\/([^/?]+)$/.exec(url)?.[1];
    if (name !== undefined && method === 'PUT') return this.#inTurn(name, () => this.#put(name, body));
    if (name !== undefined && method === 'DELETE') return this.#inTurn(name, () => this.#delete(name));
    if (url === '/addresses' && method === 'PUT') {
      this.#addresses.replace({ subdomain: body.subdomain ?? {}, routes: body.routes ?? [] });
      return {};
    }
    if (url === '/storage' && method === 'POST') {
      return { result: (await this.#storage.call(body.service, body.id, body.operation, body.argument)) ?? null };
    }
    if (url === '/invocations' && method === 'POST') return { seconds: this.#invocations.take() };
    if (url === '/status' && method === 'GET') return this.#status();
    return undefined;
  }

  /** Two uploads of one script come one after the other. @template T @param {string} name @param {() => Promise<T>} work */
  async #inTurn(name, work) {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(work, work);
    this.#turns.set(name, turn);
    return turn;
  }

  /** @param {string} name @param {import('./upload.mjs').Upload} upload */
  async #put(name, upload) {
    const log = (/** @type {string} */ level, /** @type {string} */ text) => this.#log(name, level, text);
    if (needStorage(upload.bindings ?? [])) this.#storage.need();
    const surroundings = { releases: this.#releases, snapshots: this.#snapshots, apiSocket: this.#apiSocket, storageSocket: this.#storage.socketPath };
    const version = await deploy(upload, surroundings, log);
    const deployed = this.scripts.get(name);
    if (deployed) await deployed.replace(version);
    else {
      const script = new Script(version, {
        maxIsolates: this.#maxIsolates,
        log,
        record: (id, invocation) => this.#invocations.add(name, id, invocation),
        recordBackground: (id, cpu) => this.#invocations.addBackground(name, id, cpu),
      });
      await script.start();
      this.scripts.set(name, script);
    }
    this.#deployed();
    return { startup_time_ms: version.startupMs, handlers: version.handlers };
  }

  /** @param {string} name */
  async #delete(name) {
    const script = this.scripts.get(name);
    this.scripts.delete(name);
    void script?.stop();
    return {};
  }

  #status() {
    const scripts = Object.fromEntries([...this.scripts].map(([name, script]) => [name, script.status()]));
    const parts = Object.entries(scripts).map(([name, { version, isolates }]) => ({
      name: `worker ${name}`,
      state: 'serving',
      detail: `version ${version}, ${isolates} isolate${isolates === 1 ? '' : 's'}`,
    }));
    return { healthy: true, parts, scripts, memory: process.memoryUsage.rss() };
  }
}

/** @param {unknown} error @returns {[status: number, answer: Record<string, unknown>]} */
function refusal(error) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UploadError) return [400, { code: error.code, message }];
  if (error instanceof StorageFailure) return [409, { kind: error.kind, status: error.status, message }];
  return [500, { code: 10002, message }];
}
