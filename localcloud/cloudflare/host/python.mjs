/** One CPython in one thread: loaded bare, or from the memory snapshot of a deployed script. */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ObjectNames } from './globals.mjs';
import { Identities } from './identities.mjs';
import { Turns } from './turns.mjs';
import { rememberTypeFlags } from './typeflags.mjs';

const HOST_SOURCES = join(import.meta.dirname, 'python');
const HOST_PACKAGES = '/lib/parallax';
const SESSION = '/session/metadata';

/**
 * @typedef {object} PythonOptions
 * @property {string} folder    the folder of the Pyodide release
 * @property {WebAssembly.Module} wasm  its compiled module, shared by all threads
 * @property {Uint8Array | undefined} snapshot
 * @property {readonly SourceFile[]} files   the script's modules
 * @property {Record<string, unknown>} globals  what Python sees as `js`
 * @property {Record<string, unknown>} modules  JavaScript modules by the name under which Python imports them
 * @property {boolean} pthFiles   whether `.pth` files of vendored packages are read
 * @property {(level: 'log' | 'error', line: string) => void} log
 * @property {(error: unknown) => void} onFatal  the interpreter is broken; nothing more may run in it
 *
 * @typedef {{ name: string, bytes: Uint8Array }} SourceFile
 */

/** @param {string} packageName @param {string} root  a folder whose node_modules are searched */
export function pyodideFolder(packageName, root) {
  return dirname(createRequire(join(root, 'package.json')).resolve(`${packageName}/package.json`));
}

export class Python {
  /** @type {any} */ #pyodide;
  /** @type {ObjectNames} */ #names;

  /** @param {any} pyodide @param {ObjectNames} names @param {Turns} turns */
  constructor(pyodide, names, turns) {
    this.#pyodide = pyodide;
    this.#names = names;
    this.turns = turns;
  }

  /** @param {PythonOptions} options @returns {Promise<Python>} */
  static async load(options) {
    const { loadPyodide } = await import(pathToFileURL(join(options.folder, 'pyodide.mjs')).href);
    const turns = new Turns();
    const modules = { ...options.modules, _parallax_turns: turns.module };
    const names = new ObjectNames({ js: options.globals, ...modules });
    const restoring = options.snapshot !== undefined;
    const pyodide = await withCompiledModule(options.wasm, options.globals, () =>
      loadPyodide({
        indexURL: options.folder,
        jsglobals: options.globals,
        env: { HOME: '/session', PYTHONDONTWRITEBYTECODE: '1' },
        stdout: (/** @type {string} */ line) => options.log('log', line),
        stderr: (/** @type {string} */ line) => options.log('error', line),
        ...(restoring
          ? { _loadSnapshot: options.snapshot, _snapshotDeserializer: (/** @type {string[]} */ path) => names.objectOf(path) }
          : { _makeSnapshot: true }),
      }),
    );
    pyodide._api.on_fatal = options.onFatal;
    // The snapshot is copied into the new memory by now; these references would keep it for the isolate's life.
    pyodide._api.config._loadSnapshot = undefined;
    options.snapshot = undefined;
    keepStack(pyodide._module);
    const python = new Python(pyodide, names, turns);
    python.#writeFiles(options.files);
    if (!restoring) python.#prepare(modules, options.pthFiles);
    return python;
  }

  /** Files are no part of a snapshot; imports that run in a request need them. @param {readonly SourceFile[]} files */
  #writeFiles(files) {
    const { FS } = this.#pyodide;
    for (const entry of readdirSync(HOST_SOURCES, { recursive: true, withFileTypes: true })) {
      if (!entry.name.endsWith('.py')) continue;
      const source = join(entry.parentPath, entry.name);
      const path = `${HOST_PACKAGES}/${relative(HOST_SOURCES, source)}`;
      FS.mkdirTree(dirname(path));
      FS.writeFile(path, readFileSync(source));
    }
    FS.mkdirTree(SESSION);
    for (const { name, bytes } of files) {
      const path = `${SESSION}/${name}`;
      FS.mkdirTree(dirname(path));
      FS.writeFile(path, bytes, { canOwn: false });
    }
  }

  /** The search path as workerd orders it: the script before its vendored packages. @param {Record<string, unknown>} modules @param {boolean} pthFiles */
  #prepare(modules, pthFiles) {
    for (const [name, module] of Object.entries(modules)) this.#pyodide.registerJsModule(name, module);
    const path = this.#pyodide.pyimport('sys').path;
    path.insert(0, SESSION);
    const sitePackages = path.toJs().findIndex((/** @type {string} */ entry) => entry.includes('site-packages'));
    path.insert(sitePackages, `${SESSION}/python_modules`);
    path.append(HOST_PACKAGES);
    path.append(`${HOST_PACKAGES}/absent`);
    path.destroy();
    this.#pyodide.pyimport('parallax_host.loop').install();
    if (pthFiles) this.#pyodide.pyimport('site').addsitedir(`${SESSION}/python_modules`);
  }

  /** @param {string} name @returns {Promise<any>} */
  async import(name) {
    return this.#pyodide._module.API.pyodide_base.pyimport_impl.callPromising(name);
  }

  /** @param {string} name @returns {any} */
  importNow(name) {
    return this.#pyodide.pyimport(name);
  }

  /** Bytes of WebAssembly memory. */
  get memory() {
    return this.#pyodide._module.HEAP8.byteLength;
  }

  /** @returns {Uint8Array} */
  snapshot() {
    return this.#pyodide.makeMemorySnapshot({ serializer: (/** @type {unknown} */ object) => this.#names.nameOf(object) });
  }
}

/** How far the stack may sink before it is put right; it has 5 MB. */
const STACK_SLACK = 64 * 1024;

/**
 * Each call that may suspend leaves 16 bytes on the C stack in Pyodide 0.28 (`callPyObjectKwargsPromising` gives its
 * `stackAlloc` back on an error only; later releases use `malloc`), so that after some 17,000 requests memory is
 * overwritten. Between turns of the event loop, with no suspended call about, the stack is empty and can be reset.
 * @param {any} module  Emscripten's
 */
function keepStack(module) {
  const { promisingApply } = module;
  const top = module.stackSave();
  let running = 0;
  let due = false;
  module.promisingApply = async (/** @type {unknown[]} */ ...args) => {
    running += 1;
    try {
      return await promisingApply(...args);
    } finally {
      running -= 1;
      if (!due && top - module.stackSave() > STACK_SLACK) {
        due = true;
        setImmediate(() => {
          due = false;
          if (running === 0) module.stackRestore(top);
        });
      }
    }
  };
}

/**
 * Pyodide compiles its own copy of the module, 8 MB, in each thread. It is handed the one that is compiled already.
 * @template T
 * @param {WebAssembly.Module} module @param {Record<string, unknown>} globals
 * @param {() => Promise<T>} load @returns {Promise<T>}
 */
async function withCompiledModule(module, globals, load) {
  const original = WebAssembly.instantiate;
  let replaced = false;
  // @ts-expect-error one of the two overloads is replaced, the other passed on
  WebAssembly.instantiate = async (/** @type {any} */ source, /** @type {any} */ imports) => {
    if (replaced || source instanceof WebAssembly.Module || source.byteLength < 1_000_000) return original(source, imports);
    replaced = true;
    imports.env.__hiwire_deduplicate_new = () => new Identities();
    imports.env.JsProxy_compute_typeflags = rememberTypeFlags(imports.env.JsProxy_compute_typeflags, globals);
    return { module, instance: await original(module, imports) };
  };
  try {
    return await load();
  } finally {
    WebAssembly.instantiate = original;
  }
}
