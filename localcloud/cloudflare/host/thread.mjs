/**
 * A thread of the host: one isolate. Started with `task: "snapshot"` it runs a script's top level, writes the
 * memory to a file and ends; with `task: "serve"` it starts from that memory and answers requests.
 */

import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';

import { AiClient } from './ai_client.mjs';
import { benchInThread } from './bench.mjs';
import { makeEnv } from './bindings.mjs';
import { Bodies } from './bodies.mjs';
import { Clock } from './clock.mjs';
import { workerGlobals } from './globals.mjs';
import { collectWhenQuiet, exceedsMemory } from './memory.mjs';
import { BACKGROUND, Meter } from './meter.mjs';
import { Python } from './python.mjs';
import { entrypointHelper, ExecutionContext, Headers, Request, Response, settle } from './runtime.mjs';
import { readSnapshot, writeSnapshot } from './snapshots.mjs';
import { StorageClient } from './storage/client.mjs';

/**
 * @typedef {object} ThreadData
 * @property {'snapshot' | 'serve' | 'bench'} task
 * @property {string} folder  of the Pyodide release
 * @property {WebAssembly.Module} wasm
 * @property {string} snapshotFile  written by the task `snapshot`, read by the others
 * @property {Uint8Array | undefined} snapshotKey  where the memory may hold secrets
 * @property {string} [storageSocket]
 * @property {import('./python.mjs').SourceFile[]} files
 * @property {string} mainModule
 * @property {Record<string, boolean>} flags
 * @property {import('./bindings.mjs').Binding[]} bindings
 * @property {import('./bindings.mjs').VersionMetadata} version
 * @property {string} [apiSocket]  of the v4 API's process; not for the thread itself
 * @property {import('node:worker_threads').MessagePort} [aiPort]  leads to the API; none while the top level runs
 * @property {import('./bench.mjs').Work} [bench]
 * @property {number} memoryLimit  bytes of JavaScript heap and WebAssembly memory together
 */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const data = /** @type {ThreadData} */ (workerData);

/** @param {string} level @param {string} text */
const log = (level, text) => port.postMessage({ type: 'log', level, text });

const console_ = Object.fromEntries(
  ['debug', 'error', 'info', 'log', 'warn'].map((level) => [
    level,
    (/** @type {unknown[]} */ ...values) => log(level === 'info' || level === 'debug' ? 'log' : level, values.map(String).join(' ')),
  ]),
);

const meter = new Meter();
const background = new Set();
let subrequests = 0;

/** Work that goes on after the answer. @param {Promise<unknown>} promise */
function waitUntil(promise) {
  const task = settle(promise)
    .catch((error) => log('error', `waitUntil: ${messageOf(error)}`))
    .finally(() => {
      background.delete(task);
      if (background.size === 0) port.postMessage({ type: 'background', busy: false, cpu: meter.end(BACKGROUND) });
    });
  background.add(task);
  if (background.size > 1) return;
  meter.begin(BACKGROUND);
  port.postMessage({ type: 'background', busy: true });
}

/** What Workers know as `fetch`. @param {Parameters<typeof globalThis.fetch>} words */
function counted(...words) {
  subrequests += 1;
  return globalThis.fetch(...words);
}

/** What a request used whose answer is ready, with the subrequests that were made since the answer before. @param {number} id */
function used(id) {
  const made = subrequests;
  subrequests = 0;
  return { cpu: meter.end(id), subrequests: made };
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message.trimEnd() : String(error);
}

limitMemory();

const clock = new Clock();
if (data.task === 'serve') clock.install();
data.aiPort?.on('message', () => clock.tick());
const storage = data.storageSocket === undefined ? undefined : new StorageClient(data.storageSocket, () => clock.tick());
const services = data.task === 'snapshot' ? {} : { ai: data.aiPort && new AiClient(data.aiPort), storage };
const env = makeEnv(data.bindings, data.version, services);
const python = await Python.load({
  folder: data.folder,
  wasm: data.wasm,
  snapshot: data.task === 'snapshot' ? undefined : readSnapshot(data.snapshotFile, data.snapshotKey),
  files: data.files,
  globals: workerGlobals({ Headers, Request, Response, console: console_, fetch: counted }),
  modules: { _pyodide_entrypoint_helper: entrypointHelper(env, waitUntil), _cloudflare_compat_flags: data.flags },
  pthFiles: data.flags.python_process_pth_files,
  log,
  onFatal: (error) => port.postMessage({ type: 'fatal', message: `The interpreter is broken: ${messageOf(error)}` }),
});

if (data.task === 'snapshot') await takeSnapshot();
else if (data.task === 'serve') serve();
else if (data.bench) await benchInThread(port, prepareWorker(), Request, data.bench);

/** Growing past the limit ends the isolate, as on Cloudflare; the main thread is told, and this thread waits for its end. */
function limitMemory() {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (exceedsMemory(this.buffer.byteLength + pages * 65_536, data.memoryLimit)) {
      port.postMessage({ type: 'memory' });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    return grow.call(this, pages);
  };
}

/** Runs the top level, which may draw no randomness, and keeps the memory after it. */
async function takeSnapshot() {
  const entropy = python.importNow('_cloudflare.entropy').entropy;
  entropy.forbid();
  port.postMessage({ type: 'top-level' });
  const before = process.threadCpuUsage();
  try {
    await python.import(data.mainModule);
    const used = process.threadCpuUsage(before);
    const startup = (used.user + used.system) / 1000;
    if (data.flags.python_check_rng_state) entropy.check();
    const handlers = python.importNow('parallax_host.entrypoint').handlers(data.mainModule).toJs();
    entropy.destroy();
    writeSnapshot(data.snapshotFile, python.snapshot(), data.snapshotKey);
    port.postMessage({ type: 'snapshot', handlers, startup });
  } catch (error) {
    const name = error instanceof Error ? error.constructor.name : 'Error';
    port.postMessage({ type: 'refused', message: `Uncaught ${name}: ${messageOf(error)}` });
  }
}

/** @returns {(request: Request) => Promise<Response>} */
function prepareWorker() {
  python.importNow('_cloudflare.entropy').entropy.allow();
  python.importNow('parallax_host.loop').loop.resume();
  const worker = python.importNow('parallax_host.entrypoint').Worker(data.mainModule);
  const fetch = worker.fetch;
  return (request) => fetch(request, new ExecutionContext(waitUntil), env);
}

function serve() {
  const fetch = prepareWorker();
  const bodies = new Bodies(port, used);
  port.on('message', (message) => {
    if (message.type === 'ping') return pong();
    clock.tick();
    if (message.type === 'request') void answer(message);
    else bodies.receive(message);
  });
  const busy = collectWhenQuiet();
  busy();
  port.postMessage({ type: 'ready' });

  /** The main thread asks every 100 ms while there is something to do. */
  function pong() {
    busy();
    const exceeded = exceedsMemory(python.memory, data.memoryLimit);
    port.postMessage({ type: 'pong', exceeded, memory: python.memory + getHeapStatistics().used_heap_size });
  }

  /** @param {import('./isolate.mjs').RequestMessage} message */
  async function answer(message) {
    const { id } = message;
    meter.begin(id);
    python.turns.shared = message.shared;
    // A departure: workerd hands on the body of a GET, the web classes of Node know none.
    const bodiless = message.method === 'GET' || message.method === 'HEAD';
    const streamed = message.streamed && !bodiless;
    try {
      const request = new Request(message.url, {
        method: message.method,
        headers: message.headers,
        body: bodiless ? undefined : streamed ? bodies.incoming(id) : /** @type {BodyInit | undefined} */ (message.body),
        redirect: 'manual',
        ...(streamed ? { duplex: 'half' } : {}),
      });
      request.cf = message.cf;
      const response = await fetch(request);
      if (!(response instanceof globalThis.Response)) throw new TypeError("The Worker's fetch did not return a Response object.");
      bodies.send(id, response);
    } catch (error) {
      port.postMessage({ type: 'threw', id, message: messageOf(error), used: used(id) });
    }
  }
}
