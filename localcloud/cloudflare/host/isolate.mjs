/** The main thread's handle of one isolate: what is in flight in it, and the limits it must keep. */

import { MessageChannel, Worker } from 'node:worker_threads';

import { relay } from './ai_relay.mjs';
import './engine.mjs';
import { WorkerError } from './errors.mjs';

/**
 * @typedef {object} RequestMessage
 * @property {number} id
 * @property {boolean} shared   other requests are in the isolate
 * @property {string} method
 * @property {string} url
 * @property {[string, string][]} headers
 * @property {Uint8Array | undefined} body
 * @property {boolean} streamed   the body follows in chunks
 * @property {Record<string, unknown>} cf
 *
 * @typedef {object} Exchange   who waits for an answer
 * @property {(head: ResponseHead) => void} onResponse
 * @property {(chunk: Uint8Array) => void} onChunk
 * @property {() => void} onEnd
 * @property {() => void} onPull      the Worker wants more of the request's body
 * @property {(error: WorkerError) => void} onError
 *
 * @typedef {object} Entry
 * @property {Exchange} exchange
 * @property {number} cpuMs   as far as the limit's watch knows
 * @property {number} started
 * @property {number} bytes   of the answer's body, up to now
 *
 * @typedef {object} ResponseHead
 * @property {number} status
 * @property {string} statusText
 * @property {string[]} headers   name, value, name, value, …
 * @property {Uint8Array} [body]
 * @property {boolean} [streamed]
 */

const CHECK_EVERY_MS = 100;
const THREAD = new URL('thread.mjs', import.meta.url);

/**
 * A thread with none of the user's environment, and a JavaScript heap that ends where the Worker's memory ends.
 * @param {import('./thread.mjs').ThreadData} data
 */
export function startThread({ apiSocket, ...data }) {
  const aiPort = data.task === 'serve' && apiSocket && data.bindings.some(({ type }) => type === 'ai') ? relayed(apiSocket) : undefined;
  return new Worker(THREAD, {
    workerData: { ...data, aiPort },
    transferList: aiPort ? [aiPort] : [],
    env: {},
    argv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(data.memoryLimit / 2 ** 20), maxYoungGenerationSizeMb: 12 },
  });
}

/** @param {string} apiSocket */
function relayed(apiSocket) {
  const { port1, port2 } = new MessageChannel();
  relay(port1, apiSocket);
  return port2;
}

export class Isolate {
  /** @type {Worker} */ #thread;
  /** @type {Map<number, Entry>} */ #inFlight = new Map();
  /** @type {Map<number, Entry>} */ #abandoned = new Map();
  /** @type {NodeJS.Timeout | undefined} */ #watch;
  /** @type {(() => void)[]} */ #whenIdle = [];
  #backgroundBusy = false;
  #answered = true;
  #turnCpuMs = 0;
  #shared = false;
  /** @type {Promise<NodeJS.CpuUsage | undefined>} */ #cpu = Promise.resolve(undefined);
  #nextId = 1;
  #cpuLimitMs;
  #onLog;
  #onInvocation;
  #onBackground;
  #onEnd;

  /** Share of the last check interval that the isolate computed, 0 to 1. */
  utilization = 0;
  memory = 0;
  ended = false;
  warm = false;
  lastUsed = Date.now();
  /** @type {Promise<void>} */ ready;

  /**
   * @param {import('./thread.mjs').ThreadData} data
   * @param {object} options
   * @param {number} options.cpuLimitMs
   * @param {(level: string, text: string) => void} options.onLog
   * @param {(invocation: import('./invocations.mjs').Invocation) => void} options.onInvocation
   * @param {(cpu: number) => void} options.onBackground  microseconds
   * @param {(isolate: Isolate) => void} options.onEnd
   */
  constructor(data, { cpuLimitMs, onLog, onInvocation, onBackground, onEnd }) {
    this.#cpuLimitMs = cpuLimitMs;
    this.#onLog = onLog;
    this.#onInvocation = onInvocation;
    this.#onBackground = onBackground;
    this.#onEnd = onEnd;
    this.#thread = startThread(data);
    this.#thread.stdout.on('data', (text) => onLog('log', String(text).trimEnd()));
    this.#thread.stderr.on('data', (text) => onLog('error', String(text).trimEnd()));
    this.ready = new Promise((resolve, reject) => {
      this.#thread.on('message', (message) => (message.type === 'ready' ? resolve((this.warm = true) && undefined) : this.#receive(message)));
      this.#thread.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
        const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        reject(error);
        this.#end(memory ? outOfMemory() : new WorkerError(1101, String(error.stack ?? error)));
      });
      this.#thread.on('exit', () => {
        reject(new Error('The isolate ended while it started.'));
        this.#end(new WorkerError(1101, 'The isolate ended.'));
      });
    });
    this.ready.catch(() => {});
  }

  get inFlight() {
    return this.#inFlight.size;
  }

  get busy() {
    return this.#inFlight.size > 0 || this.#backgroundBusy;
  }

  /**
   * @param {Omit<RequestMessage, 'id' | 'shared'>} request @param {Exchange} exchange
   * @returns {{ chunk: (bytes: Uint8Array) => void, end: () => void, gone: () => void, more: () => void }}
   */
  send(request, exchange) {
    const id = this.#nextId++;
    this.#inFlight.set(id, { exchange, cpuMs: 0, started: performance.now(), bytes: 0 });
    const shared = this.#inFlight.size > 1;
    if (shared) this.#shared = true;
    this.lastUsed = Date.now();
    const message = { type: 'request', id, shared, ...request };
    this.#thread.postMessage(message, request.body ? [/** @type {ArrayBuffer} */ (request.body.buffer)] : []);
    if (this.#watch === undefined) this.#startWatch();
    return {
      chunk: (bytes) => this.#thread.postMessage({ type: 'chunk', id, chunk: bytes }),
      end: () => this.#thread.postMessage({ type: 'end', id }),
      gone: () => {
        const entry = this.#inFlight.get(id);
        if (entry) {
          this.#thread.postMessage({ type: 'gone', id });
          this.#abandoned.set(id, entry);
        }
        this.#finish(id);
      },
      more: () => this.#thread.postMessage({ type: 'more', id }),
    };
  }

  /** Ends the isolate when what it does is done, at the latest after the time that Cloudflare gives `waitUntil`. @param {number} withinMs */
  async drain(withinMs) {
    if (this.busy && !this.ended) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs, undefined);
        this.#whenIdle.push(() => { clearTimeout(timer); resolve(undefined); });
      });
    }
    await this.terminate();
  }

  async terminate() {
    await this.#thread.terminate();
  }

  /** @param {any} message */
  #receive(message) {
    const { type, id } = message;
    const entry = this.#inFlight.get(id);
    if (message.used) this.#tell(message, entry);
    if (type === 'response') {
      if (!message.streamed) this.#finish(id);
      entry?.exchange.onResponse(message);
    } else if (type === 'chunk') {
      if (entry) entry.bytes += message.chunk.byteLength;
      entry?.exchange.onChunk(message.chunk);
    } else if (type === 'end') {
      this.#finish(id);
      entry?.exchange.onEnd();
    } else if (type === 'pull') entry?.exchange.onPull();
    else if (type === 'threw' || type === 'broken') {
      this.#finish(id);
      this.#onLog('error', message.message);
      entry?.exchange.onError(new WorkerError(1101, message.message));
    } else if (type === 'log') this.#onLog(message.level, message.text);
    else if (type === 'pong') {
      this.#answered = true;
      this.memory = message.memory;
      if (message.exceeded) this.#fail(outOfMemory());
    } else if (type === 'background') {
      this.#backgroundBusy = message.busy;
      if (!message.busy) this.#onBackground(message.cpu);
      this.#checkIdle();
    } else if (type === 'memory') this.#fail(outOfMemory());
    else if (type === 'fatal') this.#fail(new WorkerError(1101, message.message));
  }

  /** @param {any} message @param {Entry | undefined} entry */
  #tell({ type, id, body, used }, entry) {
    const abandoned = this.#abandoned.get(id);
    this.#abandoned.delete(id);
    const of = entry ?? abandoned;
    if (of === undefined) return;
    const status = abandoned ? 'clientDisconnected' : type === 'threw' || type === 'broken' ? 'scriptThrewException' : 'success';
    this.#onInvocation({ status, wall: wallOf(of), bytes: of.bytes + (body?.byteLength ?? 0), ...used });
  }

  /** @param {number} id */
  #finish(id) {
    this.#inFlight.delete(id);
    this.lastUsed = Date.now();
    this.#checkIdle();
  }

  #checkIdle() {
    if (!this.busy) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** What the isolate used before, for its start above all, is nobody's request. */
  #startWatch() {
    this.#answered = true;
    this.#turnCpuMs = 0;
    this.#cpu = this.#cpuUsage();
    this.#watch = setTimeout(() => void this.#check(), CHECK_EVERY_MS).unref();
  }

  /**
   * CPU time is counted by thread. It is a request's own while that is alone in the isolate, and in a turn in which
   * the isolate answers nothing at all. A departure from Cloudflare: what requests use in short turns while there are
   * several is charged to none of them.
   */
  async #check() {
    const [before, now] = await Promise.all([this.#cpu, this.#cpuUsage()]);
    if (before === undefined || now === undefined || this.ended) return;
    const usedMs = (now.user + now.system - before.user - before.system) / 1000;
    this.#cpu = Promise.resolve(now);
    this.utilization = Math.min(1, usedMs / CHECK_EVERY_MS);
    this.#turnCpuMs = this.#answered ? 0 : this.#turnCpuMs + usedMs;
    let most = this.#turnCpuMs;
    if (!this.#shared) {
      for (const entry of this.#inFlight.values()) {
        entry.cpuMs += usedMs;
        most = Math.max(most, entry.cpuMs);
      }
    }
    this.#shared = this.#inFlight.size > 1;
    if (most > this.#cpuLimitMs) {
      this.#fail(new WorkerError(1102, `Worker exceeded CPU time limit of ${this.#cpuLimitMs} ms.`));
      return;
    }
    if (this.#answered) {
      this.#answered = false;
      this.#thread.postMessage({ type: 'ping' });
    }
    this.#watch = this.busy || !this.#answered ? setTimeout(() => void this.#check(), CHECK_EVERY_MS).unref() : undefined;
    if (this.#watch === undefined) this.utilization = 0;
  }

  /** @returns {Promise<NodeJS.CpuUsage | undefined>} microseconds; nothing of a thread that has ended */
  #cpuUsage() {
    return this.#thread.cpuUsage().catch(() => undefined);
  }

  /** @param {WorkerError} error */
  #fail(error) {
    this.#onLog('error', error.message);
    this.#end(error);
    void this.terminate();
  }

  /** @param {WorkerError} error */
  #end(error) {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.#watch);
    const waiting = [...this.#inFlight.values()];
    this.#inFlight.clear();
    const status = error.code === 1102 ? 'exceededResources' : 'scriptThrewException';
    for (const entry of waiting) {
      // The thread can no longer say it: what the watch of the limit has seen.
      const cpu = Math.round(1000 * Math.max(entry.cpuMs, this.#turnCpuMs / waiting.length));
      this.#onInvocation({ status, cpu, wall: wallOf(entry), bytes: entry.bytes, subrequests: 0 });
    }
    this.#backgroundBusy = false;
    this.#checkIdle();
    this.#onEnd(this);
    for (const { exchange } of waiting) exchange.onError(error);
  }
}

/** Microseconds. @param {Entry} entry */
function wallOf(entry) {
  return Math.round(1000 * (performance.now() - entry.started));
}

function outOfMemory() {
  return new WorkerError(1102, 'Worker exceeded memory limit of 128 MB.');
}
