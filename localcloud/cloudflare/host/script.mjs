/** One script name: its deployed version and the isolates that serve it, as many as the load needs. */

import { rmSync } from 'node:fs';

import { Isolate } from './isolate.mjs';

const SCALE_EVERY_MS = 250;
const IDLE_MS = 30_000;
const WAIT_UNTIL_MS = 30_000;

export class Script {
  /** @type {Isolate[]} */ #isolates = [];
  /** @type {import('./upload.mjs').Version} */ #version;
  /** @type {NodeJS.Timeout | undefined} */ #scaling;
  #maxIsolates;
  #log;
  #record;
  #recordBackground;
  requests = 0;

  /**
   * @param {import('./upload.mjs').Version} version
   * @param {object} options
   * @param {number} options.maxIsolates
   * @param {(level: string, text: string) => void} options.log
   * @param {(version: string, invocation: import('./invocations.mjs').Invocation) => void} options.record
   * @param {(version: string, cpu: number) => void} options.recordBackground
   */
  constructor(version, { maxIsolates, log, record, recordBackground }) {
    this.#version = version;
    this.#maxIsolates = maxIsolates;
    this.#log = log;
    this.#record = record;
    this.#recordBackground = recordBackground;
  }

  get version() {
    return this.#version;
  }

  /**
   * An isolate of the version is started and ended again: that it starts at all is part of the deployment. What serves
   * requests starts with the first of them, as on Cloudflare.
   */
  async start() {
    await this.#tryOut(this.#version);
  }

  /** The new version takes over when it has started once; the old isolates finish what they have. @param {import('./upload.mjs').Version} version */
  async replace(version) {
    const before = this.#version;
    await this.#tryOut(version);
    const old = this.#isolates.splice(0);
    this.#version = version;
    rmSync(before.thread.snapshotFile, { force: true });
    for (const isolate of old) void isolate.drain(WAIT_UNTIL_MS);
  }

  async stop() {
    clearTimeout(this.#scaling);
    rmSync(this.#version.thread.snapshotFile, { force: true });
    await Promise.all(this.#isolates.splice(0).map((isolate) => isolate.drain(WAIT_UNTIL_MS)));
  }

  async kill() {
    clearTimeout(this.#scaling);
    await Promise.all(this.#isolates.splice(0).map((isolate) => isolate.terminate()));
  }

  /** The isolate with the least to do. @returns {Promise<Isolate>} */
  async isolate() {
    this.requests += 1;
    let least = this.#isolates[0] ?? this.#add();
    for (const isolate of this.#isolates) {
      if (isolate.warm && (!least.warm || isolate.inFlight < least.inFlight)) least = isolate;
    }
    if (!least.warm) await least.ready;
    this.#scaling ??= setTimeout(() => this.#scale(), SCALE_EVERY_MS).unref();
    return least;
  }

  status() {
    return {
      version: this.#version.id,
      isolates: this.#isolates.length,
      memory: this.#isolates.reduce((sum, isolate) => sum + isolate.memory, 0),
      requests: this.requests,
    };
  }

  /** @param {import('./upload.mjs').Version} version */
  async #tryOut(version) {
    const isolate = this.#new(version);
    try {
      await isolate.ready;
    } finally {
      void isolate.terminate();
    }
  }

  #add() {
    const isolate = this.#new(this.#version);
    this.#isolates.push(isolate);
    return isolate;
  }

  /** @param {import('./upload.mjs').Version} version */
  #new(version) {
    return new Isolate(version.thread, {
      cpuLimitMs: version.cpuLimitMs,
      onLog: this.#log,
      onInvocation: (invocation) => this.#record(version.id, invocation),
      onBackground: (cpu) => this.#recordBackground(version.id, cpu),
      onEnd: (ended) => {
        const index = this.#isolates.indexOf(ended);
        if (index >= 0) this.#isolates.splice(index, 1);
      },
    });
  }

  /** Requests that only wait share an isolate; one more starts when those there are compute without a pause. */
  #scale() {
    this.#scaling = undefined;
    const busy = this.#isolates.every((isolate) => isolate.warm && isolate.utilization > 0.7 && isolate.inFlight > 1);
    if (busy && this.#isolates.length > 0 && this.#isolates.length < this.#maxIsolates) this.#add();
    const idle = this.#isolates.filter((isolate) => !isolate.busy && Date.now() - isolate.lastUsed > IDLE_MS);
    for (const isolate of idle.slice(idle.length === this.#isolates.length ? 1 : 0)) {
      this.#isolates.splice(this.#isolates.indexOf(isolate), 1);
      void isolate.drain(WAIT_UNTIL_MS);
    }
    const more = this.#isolates.length > 1 || this.#isolates.some((isolate) => isolate.busy);
    if (more) this.#scaling = setTimeout(() => this.#scale(), SCALE_EVERY_MS).unref();
  }
}
