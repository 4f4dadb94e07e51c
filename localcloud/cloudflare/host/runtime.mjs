/** What workerd hands to Python: the module `_pyodide_entrypoint_helper`, the context of a request, web classes. */

/** `ctx` of an entry point. The SDK looks at the tag. */
export class ExecutionContext {
  /** @type {(promise: Promise<unknown>) => void} */ #waitUntil;

  /** @param {(promise: Promise<unknown>) => void} waitUntil */
  constructor(waitUntil) {
    this.#waitUntil = waitUntil;
  }

  get [Symbol.toStringTag]() {
    return 'ExecutionContext';
  }

  /** @param {Promise<unknown>} promise */
  waitUntil(promise) {
    this.#waitUntil(promise);
  }

  passThroughOnException() {
    throw new Error('passThroughOnException needs an origin server behind the Worker; there is none here.');
  }

  props = {};
}

/**
 * A Python future must be copied to outlive the call that passes it on, and given back after.
 * @param {any} future @returns {Promise<void>}
 */
export async function settle(future) {
  const kept = typeof future?.copy === 'function' ? future.copy() : future;
  try {
    await kept;
  } finally {
    kept?.destroy?.();
  }
}

/**
 * @param {Record<string, unknown>} env
 * @param {(promise: Promise<unknown>) => void} waitUntil
 */
export function entrypointHelper(env, waitUntil) {
  const workersModule = { env, waitUntil };
  return {
    doAnImport: async (/** @type {string} */ name) => {
      throw new Error(`No such module "${name}": JavaScript modules are not loaded by this Worker host.`);
    },
    cloudflareWorkersModule: workersModule,
    cloudflareSocketsModule: {
      connect() {
        throw new Error('cloudflare:sockets is not served by this Worker host.');
      },
    },
    workerEntrypoint: class WorkerEntrypoint {},
    /** `ctx.waitUntil` above takes Python's futures as they are. */
    patchWaitUntil() {},
    /** @param {Map<string, unknown> | Record<string, unknown>} changes */
    *patch_env_helper(changes) {
      const before = workersModule.env;
      workersModule.env = { ...before, ...(changes instanceof Map ? Object.fromEntries(changes) : changes) };
      try {
        yield;
      } finally {
        workersModule.env = before;
      }
    },
  };
}

const NativeHeaders = globalThis.Headers;
const NativeRequest = globalThis.Request;
const NativeResponse = globalThis.Response;

/** Python passes a list of pairs: that crosses at once, not item by item. */
class Headers extends NativeHeaders {
  /** @param {any} [init] */
  constructor(init) {
    super(init?.type === 'list' && typeof init.toJs === 'function' ? init.toJs() : init);
  }
}

/** An incoming request has `cf`. */
class Request extends NativeRequest {
  /** @type {Record<string, unknown> | undefined} */ cf = undefined;
}

/**
 * A body that was given as bytes is kept as bytes, so that answering with it needs no turn of the event loop.
 * It is copied at once: Python passes a view of its own memory.
 */
class Response extends NativeResponse {
  /** @type {Uint8Array | undefined} */ #bytes;

  /** @param {any} [body] @param {any} [init] */
  constructor(body, init) {
    const bytes = ArrayBuffer.isView(body) ? copy(body) : undefined;
    super(bytes ?? body, init);
    this.#bytes = bytes;
  }

  /** @param {Response} response @returns {Uint8Array | undefined} the whole body, when it is known and untouched */
  static bytesOf(response) {
    return #bytes in response && !response.bodyUsed ? response.#bytes : undefined;
  }
}

/** @param {ArrayBufferView} view */
function copy(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

export { Headers, Request, Response };
