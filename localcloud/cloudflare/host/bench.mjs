/**
 * What one isolate reaches without HTTP: the same SDK call in its own thread, and how soon a new isolate answers.
 *
 *   node bench.mjs --folder DIR --main-module entry.py [--compatibility-date D] [--flag F]... [--binding NAME=TEXT]...
 *                  [--method POST] [--path /echo] [--body JSON] [--calls 3000] [--pyodide-root DIR]
 *
 * DIR holds the script's modules below `modules/`. Prints one line of JSON: `calls_per_second` (after a tenth of the
 * calls as warm-up), `first_answer_ms` (thread start to first answer, each of three), `startup_ms`, `status`.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { parseArgs } from 'node:util';

/** What a request has that came through the front door: the SDK converts each of them in Python. @type {[string, string][]} */
const HEADERS = [
  ['host', '127.0.0.1:4567'],
  ['content-type', 'application/json'],
  ['content-length', '206'],
  ['cf-ray', '0123456789abcdef-LOC'],
  ['cf-connecting-ip', '127.0.0.1'],
  ['cf-visitor', '{"scheme":"http"}'],
  ['x-forwarded-proto', 'http'],
  ['x-real-ip', '127.0.0.1'],
];

/** @typedef {{ method: string, url: string, body: string | undefined, calls: number }} Work */

/**
 * @param {import('node:worker_threads').MessagePort} port
 * @param {(request: import('./runtime.mjs').Request) => Promise<Response>} fetch
 * @param {typeof import('./runtime.mjs').Request} RequestClass  the isolate's own
 * @param {Work} work
 */
export async function benchInThread(port, fetch, RequestClass, work) {
  const call = async () => {
    const response = await fetch(new RequestClass(work.url, { method: work.method, headers: HEADERS, body: work.body }));
    await response.arrayBuffer();
    return response.status;
  };
  const status = await call();
  port.postMessage({ type: 'first', status });
  for (let i = 0; i < work.calls / 10; i += 1) await call();
  const start = performance.now();
  for (let i = 0; i < work.calls; i += 1) await call();
  port.postMessage({ type: 'done', callsPerSecond: (work.calls * 1000) / (performance.now() - start) });
}

async function main() {
  const { deploy, Releases } = await import('./upload.mjs');
  const { startThread } = await import('./isolate.mjs');
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      'main-module': { type: 'string', default: 'entry.py' },
      'compatibility-date': { type: 'string', default: '2026-09-01' },
      flag: { type: 'string', multiple: true, default: ['python_workers'] },
      binding: { type: 'string', multiple: true, default: [] },
      method: { type: 'string', default: 'POST' },
      path: { type: 'string', default: '/echo' },
      body: { type: 'string', default: '{"message":"hello"}' },
      calls: { type: 'string', default: '3000' },
      'pyodide-root': { type: 'string', default: import.meta.dirname },
    },
  });
  if (values.folder === undefined) throw new Error('--folder is missing: the folder whose modules/ holds the script.');
  const bindings = values.binding.map((binding) => {
    const [name, ...text] = binding.split('=');
    return { type: 'plain_text', name, text: text.join('=') };
  });
  const snapshots = mkdtempSync(join(tmpdir(), 'worker-bench-'));
  const version = await deploy(
    {
      folder: values.folder,
      main_module: values['main-module'],
      compatibility_date: values['compatibility-date'],
      compatibility_flags: values.flag,
      bindings,
      version_id: 'bench',
    },
    { releases: new Releases(values['pyodide-root']), snapshots },
    (level, text) => void process.stderr.write(`${level} ${text}\n`),
  );
  const body = ['GET', 'HEAD'].includes(values.method) ? undefined : values.body;
  const work = { method: values.method, url: `http://bench.localhost${values.path}`, body };
  /** @param {number} calls @returns {Promise<{ firstMs: number, status: number, callsPerSecond: number }>} */
  const run = (calls) =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      const thread = startThread({ ...version.thread, task: 'bench', bench: { ...work, calls } });
      let first = { firstMs: 0, status: 0 };
      thread.on('error', reject);
      thread.on('message', (message) => {
        if (message.type === 'first') first = { firstMs: performance.now() - start, status: message.status };
        else if (message.type === 'done') {
          void thread.terminate();
          resolve({ ...first, callsPerSecond: message.callsPerSecond });
        }
      });
    });
  const cold = [await run(1), await run(1), await run(1)];
  const settled = await run(Number(values.calls));
  rmSync(snapshots, { recursive: true });
  const answer = {
    calls_per_second: Math.round(settled.callsPerSecond),
    first_answer_ms: cold.map(({ firstMs }) => Math.round(firstMs)),
    startup_ms: version.startupMs,
    status: settled.status,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

if (isMainThread && process.argv[1] === import.meta.filename) await main();
