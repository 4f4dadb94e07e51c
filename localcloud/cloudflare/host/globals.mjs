/**
 * What Python sees as `js`: the web's globals that workerd has, and none of Node's (`process`, `require`, `Buffer`).
 *
 * Python keeps references to these objects, and a memory snapshot can hold no object of JavaScript. So each is given
 * a name when the snapshot is taken, and looked up by that name in the isolate that starts from it. workerd does the
 * same with access paths (cloudflare/workerd, src/pyodide/internal/serializeJsModule.ts).
 */

const NAMES = [
  'AbortController', 'AbortSignal', 'AggregateError', 'Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array',
  'BigUint64Array', 'Blob', 'Boolean', 'ByteLengthQueuingStrategy', 'CompressionStream', 'CountQueuingStrategy', 'Crypto',
  'CryptoKey', 'DOMException', 'DataView', 'Date', 'DecompressionStream', 'Error', 'Event', 'EventTarget', 'File',
  'FinalizationRegistry', 'Float32Array', 'Float64Array', 'FormData', 'Function', 'Headers', 'Infinity', 'Int16Array',
  'Int32Array', 'Int8Array', 'Intl', 'JSON', 'Map', 'Math', 'MessageChannel', 'MessageEvent', 'MessagePort', 'NaN', 'Number',
  'Object', 'Promise', 'Proxy', 'RangeError', 'ReadableByteStreamController', 'ReadableStream', 'ReadableStreamBYOBReader',
  'ReadableStreamBYOBRequest', 'ReadableStreamDefaultController', 'ReadableStreamDefaultReader', 'ReferenceError', 'Reflect',
  'RegExp', 'Request', 'Response', 'Set', 'SharedArrayBuffer', 'String', 'SubtleCrypto', 'Symbol', 'SyntaxError', 'TextDecoder',
  'TextDecoderStream', 'TextEncoder', 'TextEncoderStream', 'TransformStream', 'TransformStreamDefaultController', 'TypeError',
  'URIError', 'URL', 'URLSearchParams', 'Uint16Array', 'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakRef',
  'WeakSet', 'WebAssembly', 'WebSocket', 'WritableStream', 'WritableStreamDefaultController', 'WritableStreamDefaultWriter',
  'atob', 'btoa', 'clearInterval', 'clearTimeout', 'crypto', 'decodeURI', 'decodeURIComponent', 'encodeURI',
  'encodeURIComponent', 'escape', 'fetch', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'performance', 'queueMicrotask',
  'setInterval', 'setTimeout', 'structuredClone', 'undefined', 'unescape',
];

/**
 * @param {Record<string, unknown>} replacements  objects of the host's own, such as `console`
 * @returns {Record<string, unknown>}
 */
export function workerGlobals(replacements) {
  /** @type {Record<string, unknown>} */
  const scope = {};
  for (const name of NAMES) scope[name] = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (globalThis))[name];
  Object.assign(scope, replacements);
  scope.globalThis = scope;
  scope.self = scope;
  return scope;
}

/** Names the objects reachable from `roots`, and finds them again by name. */
export class ObjectNames {
  /** @type {Record<string, unknown>} */
  #roots;
  /** @type {Map<unknown, string[]> | undefined} */
  #paths;

  /** @param {Record<string, unknown>} roots */
  constructor(roots) {
    this.#roots = roots;
  }

  /**
   * @param {unknown} object
   * @returns {string[]}
   * @throws {Error} in Cloudflare's words, when Python holds an object that no snapshot can keep
   */
  nameOf(object) {
    this.#paths ??= reachable(this.#roots);
    const path = this.#paths.get(object);
    if (path === undefined) throw new Error(`Can't serialize top-level variable.\nPlease review any global variables you or your imported modules create at the top-level of your code, and consider deleting them.\n\nDescription of the value:\n${describe(object)}`);
    return path;
  }

  /** @param {string[]} path */
  objectOf(path) {
    /** @type {any} */
    let object = this.#roots;
    for (const key of path) object = key === PROTOTYPE ? Object.getPrototypeOf(object) : object[key];
    return object;
  }
}

const PROTOTYPE = '(prototype)';

/**
 * Breadth first and three deep: a module, its members, and what Python reaches through those (`crypto.subtle.digest`).
 * @param {Record<string, unknown>} roots
 */
function reachable(roots) {
  /** @type {Map<unknown, string[]>} */
  const paths = new Map();
  /** @type {[unknown, string[]][]} */
  let level = Object.entries(roots).map(([key, value]) => [value, [key]]);
  for (let depth = 0; depth < 4; depth += 1) {
    /** @type {[unknown, string[]][]} */
    const next = [];
    for (const [object, path] of level) {
      if (object === null || !['object', 'function'].includes(typeof object) || paths.has(object)) continue;
      paths.set(object, path);
      for (const key of Object.getOwnPropertyNames(object)) {
        const property = Object.getOwnPropertyDescriptor(object, key);
        if (property && 'value' in property) next.push([property.value, [...path, key]]);
      }
      next.push([Object.getPrototypeOf(object), [...path, PROTOTYPE]]);
    }
    level = next;
  }
  return paths;
}

/** @param {unknown} object */
function describe(object) {
  const name = /** @type {{ constructor?: { name?: string } }} */ (object)?.constructor?.name;
  return `Value: ${String(object)}\nType: ${typeof object}\nConstructor name: ${name ?? 'none'}`;
}
