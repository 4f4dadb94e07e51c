/** A Worker host of the test's own, with folders that go when it ends. */

import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const HOST = join(import.meta.dirname, '..');
const REPOSITORY = join(HOST, '..', '..', '..');
export const ENTRY = readFileSync(join(import.meta.dirname, 'app', 'entry.py'), 'utf8');

/** Cloudflare's SDK as the development environment has it; a deployment vendors it. */
function sdkParts() {
  const parts = globSync(join(REPOSITORY, '.venv/lib/python*/site-packages/{workers,_workers_sdk_*}'));
  if (parts.length === 0) throw new Error('workers-runtime-sdk is not installed in .venv: run `make setup` first.');
  return parts;
}

/** @typedef {{ status: number, headers: import('node:http').IncomingHttpHeaders, text: string }} Answer */

export class TestHost {
  /** @type {import('node:child_process').ChildProcess} */ child;
  folder = mkdtempSync(join(tmpdir(), 'worker-host-'));
  port = 0;
  #uploads = 0;

  /** @param {string[]} [flags] */
  static async start(flags = []) {
    const host = new TestHost(flags);
    await host.#ready();
    return host;
  }

  /** @param {string[]} flags */
  constructor(flags) {
    const root = process.env.PYODIDE_ROOT;
    this.child = spawn(
      process.execPath,
      [
        join(HOST, 'main.mjs'), '--port', '0', '--api-socket', this.path('api.sock'), '--host-socket', this.path('host.sock'),
        '--data', this.path('data'), '--logs', this.path('logs'), ...(root ? ['--pyodide-root', root] : []), ...flags,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
  }

  async #ready() {
    const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (this.child.stdout) });
    const line = await new Promise((resolve) => lines.once('line', resolve));
    if (!line.startsWith('ready ')) throw new Error(line);
    this.port = JSON.parse(line.slice('ready '.length)).port;
  }

  /** @param {string} name */
  path(name) {
    return join(this.folder, name);
  }

  log() {
    const path = this.path('logs/workers.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<{ status: number, body: any }>} */
  async control(method, path, body) {
    const answer = await send({ socketPath: this.path('host.sock'), method, path }, body === undefined ? undefined : JSON.stringify(body));
    return { status: answer.status, body: JSON.parse(answer.text) };
  }

  /**
   * @param {string} name @param {Record<string, string>} sources  by module name @param {Record<string, unknown>} [settings]
   * @param {readonly string[]} [vendored]  what stands below python_modules/
   */
  async upload(name, sources, settings = {}, vendored = sdkParts()) {
    const folder = this.path(`upload-${this.#uploads++}`);
    mkdirSync(join(folder, 'modules', 'python_modules'), { recursive: true });
    for (const part of vendored) cpSync(part, join(folder, 'modules', 'python_modules', basename(part)), { recursive: true });
    for (const [file, source] of Object.entries(sources)) {
      mkdirSync(dirname(join(folder, 'modules', file)), { recursive: true });
      writeFileSync(join(folder, 'modules', file), source);
    }
    return this.control('PUT', `/scripts/${name}`, {
      folder,
      main_module: 'entry.py',
      compatibility_date: '2026-09-01',
      compatibility_flags: ['python_workers'],
      bindings: [
        { type: 'plain_text', name: 'GREETING', text: 'hello' },
        { type: 'json', name: 'LIMITS', json: { max: 3 } },
        { type: 'version_metadata', name: 'META' },
      ],
      limits: { cpu_ms: 500 },
      version_id: `version-${this.#uploads}`,
      etag: 'etag',
      ...settings,
    });
  }

  /** @param {string} path @param {import('node:http').RequestOptions & { body?: string | Buffer }} [options] @returns {Promise<Answer>} */
  get(path, { body, ...options } = {}) {
    return send({ host: '127.0.0.1', port: this.port, path, agent: false, ...options }, body);
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    const code = this.child.exitCode ?? (await ended);
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}

/** @param {import('node:http').RequestOptions} options @param {string | Buffer} [body] @returns {Promise<Answer>} */
export function send(options, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = request({ ...options, headers: { ...headers, ...options.headers } }, async (incoming) => {
      const text = Buffer.concat(await incoming.toArray()).toString();
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Waits until `condition` holds, at most ten seconds. @param {() => boolean | Promise<boolean>} condition @param {string} what */
export async function until(condition, what) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`It did not come to pass: ${what}`);
}
