/** From an upload to a version that can serve: its modules, its runtime, its memory after the top level. */

import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { checkBindings, holdSecrets } from './bindings.mjs';
import { selectRuntime } from './compatibility.mjs';
import { UploadError } from './errors.mjs';
import { startThread } from './isolate.mjs';
import { pyodideFolder } from './python.mjs';

/**
 * @typedef {object} Upload   what the v4 API tells of a script
 * @property {string} folder  the modules lie below `folder/modules/`
 * @property {string} main_module
 * @property {string} compatibility_date
 * @property {string[]} [compatibility_flags]
 * @property {import('./bindings.mjs').Binding[]} [bindings]
 * @property {{ cpu_ms?: number }} [limits]
 * @property {string} version_id
 * @property {string} [etag]
 * @property {string} [tag]
 * @property {string} [created_on]
 *
 * @typedef {object} Version   a deployed upload
 * @property {import('./thread.mjs').ThreadData} thread  what each of its isolates is started with
 * @property {string} id
 * @property {string[]} handlers
 * @property {number} startupMs  CPU time of the top level
 * @property {number} cpuLimitMs
 */

/** Cloudflare's limits: developers.cloudflare.com/workers/platform/limits (start-up, memory, default CPU time). */
export const MEMORY_LIMIT = 128 * 2 ** 20;
const DEFAULT_CPU_MS = 30_000;
const STARTUP_CPU_MS = 1000;
const STARTUP_CHECK_MS = 50;
/**
 * CPU time of loading Pyodide on the machine for which STARTUP_CPU_MS is taken as it is (2.4 to 2.6 s when idle). It is
 * the same work before each top level, so it tells how slow this machine is at this moment: one that shares its cores
 * was seen to use four times as much CPU time for both, and would refuse what Cloudflare takes.
 */
const LOAD_CPU_MS = 2500;

/** Compiled once a release: 8 MB of WebAssembly that all isolates share. */
export class Releases {
  /** @type {Map<string, Promise<WebAssembly.Module>>} */ #modules = new Map();
  #root;

  /** @param {string} root  the folder from which npm packages are found */
  constructor(root) {
    this.#root = root;
  }

  /** @param {import('./compatibility.mjs').Runtime} runtime */
  async load(runtime) {
    let folder;
    try {
      folder = pyodideFolder(runtime.pyodide, this.#root);
    } catch {
      throw new UploadError(`Pyodide ${runtime.release} (npm package "${runtime.pyodide}") is not installed here.`);
    }
    let module = this.#modules.get(folder);
    if (module === undefined) {
      module = WebAssembly.compile(readFileSync(join(folder, 'pyodide.asm.wasm')));
      this.#modules.set(folder, module);
    }
    return { folder, wasm: await module };
  }
}

/**
 * @typedef {object} Surroundings
 * @property {Releases} releases
 * @property {string} snapshots  the folder for memory snapshots, 25 MB each; whoever lets go of a version removes its own
 * @property {string} [apiSocket]  of the v4 API's process, for bindings that ask it
 * @property {string} [storageSocket]  of the storage process, for bindings that store
 *
 * @param {Upload} upload
 * @param {Surroundings} surroundings
 * @param {(level: string, text: string) => void} log
 * @returns {Promise<Version>}
 * @throws {UploadError}
 */
export async function deploy(upload, { releases, snapshots, apiSocket, storageSocket }, log) {
  if (!upload.main_module.endsWith('.py')) {
    throw new UploadError(`The main module "${upload.main_module}" is not Python: this Worker host runs Python Workers only (a main module *.py).`);
  }
  const bindings = upload.bindings ?? [];
  checkBindings(bindings);
  const runtime = selectRuntime(upload.compatibility_date, upload.compatibility_flags ?? []);
  const release = await releases.load(runtime);
  const files = readModules(join(upload.folder, 'modules'));
  requireSdk(files, runtime);
  const data = {
    task: /** @type {const} */ ('snapshot'),
    ...release,
    snapshotFile: join(snapshots, `${randomUUID()}.memory`),
    apiSocket,
    // A top level may read its secrets, as on Cloudflare, and then its memory has them. The key is in this process only.
    snapshotKey: holdSecrets(bindings) ? randomBytes(32) : undefined,
    storageSocket,
    files,
    mainModule: upload.main_module.slice(0, -'.py'.length).replaceAll('/', '.'),
    flags: runtime.flags,
    bindings,
    version: { id: upload.version_id, tag: upload.tag ?? '', timestamp: upload.created_on ?? '' },
    memoryLimit: MEMORY_LIMIT,
  };
  const { handlers, startup, allowed } = await runTopLevel(data, log);
  if (startup > allowed || !handlers.length) rmSync(data.snapshotFile, { force: true });
  if (startup > allowed) throw startupExceeded();
  if (!handlers.length) {
    throw new UploadError('The uploaded script has no registered event handlers: export a class `Default` that extends WorkerEntrypoint.', 10068);
  }
  return {
    thread: { ...data, task: 'serve' },
    id: upload.version_id,
    handlers,
    startupMs: Math.round(startup),
    cpuLimitMs: upload.limits?.cpu_ms ?? DEFAULT_CPU_MS,
  };
}

/**
 * Until 2026-04-21 the runtime brings the SDK; since then the Worker does (flag `enable_python_external_sdk`).
 * @param {import('./python.mjs').SourceFile[]} files @param {import('./compatibility.mjs').Runtime} runtime
 */
function requireSdk(files, runtime) {
  if (runtime.flags.enable_python_external_sdk || files.some(({ name }) => name.startsWith('python_modules/workers/'))) return;
  throw new UploadError(
    'This compatibility date selects the SDK that is built into Cloudflare\'s runtime, and that one is not here: '
      + 'vendor the package workers-runtime-sdk below python_modules/, as compatibility dates from 2026-04-21 ask for in any case.',
  );
}

/** @param {string} root @returns {import('./python.mjs').SourceFile[]} */
function readModules(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      const content = readFileSync(path);
      const bytes = new Uint8Array(new SharedArrayBuffer(content.length));
      bytes.set(content);
      return { name: relative(root, path).replaceAll(sep, '/'), bytes };
    });
}

/**
 * @param {import('./thread.mjs').ThreadData} data @param {(level: string, text: string) => void} log
 * @returns {Promise<{ handlers: string[], startup: number, allowed: number }>}  CPU time in ms
 */
async function runTopLevel(data, log) {
  const thread = startThread(data);
  /** @type {NodeJS.Timeout | undefined} */
  let watch;
  let allowed = STARTUP_CPU_MS;
  try {
    const result = await new Promise((resolve, reject) => {
      thread.on('message', async (message) => {
        if (message.type === 'log') log(message.level, message.text);
        else if (message.type === 'top-level') {
          const before = await thread.cpuUsage();
          allowed = allowedStartup(before);
          watch = setInterval(async () => {
            const used = await thread.cpuUsage(before).catch(() => undefined);
            if (used && (used.user + used.system) / 1000 > allowed * 1.5) reject(startupExceeded());
          }, STARTUP_CHECK_MS);
        } else if (message.type === 'snapshot') resolve(message);
        else if (message.type === 'memory') reject(new UploadError('Script startup exceeded memory limits.'));
        else if (message.type === 'refused') reject(new UploadError(message.message));
      });
      thread.on('error', (error) => reject(new UploadError(`Uncaught ${error}`)));
      thread.on('exit', () => reject(new UploadError('The isolate ended during startup.')));
    });
    return { ...result, allowed };
  } finally {
    clearInterval(watch);
    await thread.terminate();
  }
}

/** @param {NodeJS.CpuUsage} load  what loading Pyodide took @returns {number} CPU time in ms */
export function allowedStartup(load) {
  return STARTUP_CPU_MS * Math.max(1, (load.user + load.system) / 1000 / LOAD_CPU_MS);
}

function startupExceeded() {
  return new UploadError('Script startup exceeded CPU time limit.');
}
