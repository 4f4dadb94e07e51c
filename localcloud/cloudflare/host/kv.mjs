/**
 * The binding of the type `kv_namespace`, after workerd's (cloudflare/workerd, src/workerd/api/kv.h and kv.c++). The Python
 * SDK wraps it by the name of its class.
 */

import { OutsideRequestError } from './errors.mjs';
import { StorageFailure } from './storage/failures.mjs';

/** developers.cloudflare.com/kv/platform/limits */
const MAX_KEY = 512;
const MAX_BULK = 100;
const MAX_BULK_BYTES = 25 * 2 ** 20;
const MIN_CACHE_TTL = 30;

/**
 * @typedef {'text' | 'json' | 'arrayBuffer' | 'stream'} ValueType
 * @typedef {{ type?: ValueType, cacheTtl?: number }} GetOptions
 * @typedef {{ expiration?: number, expirationTtl?: number, metadata?: unknown }} PutOptions
 * @typedef {import('./storage/kv.mjs').Entry} Entry
 * @typedef {(operation: 'get' | 'put' | 'remove' | 'list', argument: unknown) => Promise<any>} Store   one namespace
 */

export class KvNamespace {
  #store;

  /** @param {Store | undefined} store  undefined while a script's top level runs */
  constructor(store) {
    this.#store = store;
  }

  /** @param {string | string[]} name @param {ValueType | GetOptions} [options] @returns {Promise<unknown>} a Map for several names */
  async get(name, options) {
    if (Array.isArray(name)) return this.#bulk(name, options, false);
    return (await this.#single(name, options)).value;
  }

  /** @param {string | string[]} name @param {ValueType | GetOptions} [options] @returns {Promise<unknown>} */
  async getWithMetadata(name, options) {
    return Array.isArray(name) ? this.#bulk(name, options, true) : this.#single(name, options);
  }

  /** @param {string} name @param {unknown} value @param {PutOptions} [options] */
  async put(name, value, options = {}) {
    checkKey('PUT', name);
    const entry = {
      key: name,
      value: await bytesOf(value),
      metadata: options.metadata === undefined || options.metadata === null ? null : JSON.stringify(options.metadata),
      expiration: options.expiration ?? null,
      ttl: options.expirationTtl ?? null,
    };
    await this.#call('PUT', 'put', { entries: [entry] });
  }

  /** @param {string} name */
  async delete(name) {
    checkKey('DELETE', name);
    await this.#call('DELETE', 'remove', { keys: [name] });
  }

  /** @param {{ prefix?: string | null, limit?: number, cursor?: string | null }} [options] */
  async list({ prefix = null, limit = 0, cursor = null } = {}) {
    // A limit that is not above 0 is not sent by workerd.
    const found = await this.#call('GET', 'list', { prefix, cursor, limit: limit > 0 ? limit : null });
    const keys = found.keys.map((/** @type {{ name: string, expiration: number | null, metadata: string | null }} */ { name, expiration, metadata }) => ({
      name,
      ...(expiration === null ? {} : { expiration }),
      ...(metadata === null ? {} : { metadata: JSON.parse(metadata) }),
    }));
    const more = found.cursor === null ? { list_complete: true } : { list_complete: false, cursor: found.cursor };
    return { keys, ...more, cacheStatus: null };
  }

  /** @param {string} name @param {ValueType | GetOptions} [options] */
  async #single(name, options) {
    const { type = 'text', cacheTtl } = chosen(options);
    checkKey('GET', name);
    checkCacheTtl('GET', cacheTtl);
    const [entry] = await this.#call('GET', 'get', { keys: [name] });
    return { value: entry && read(entry, type), metadata: entry ? metadataOf(entry) : null, cacheStatus: null };
  }

  /** @param {string[]} names @param {ValueType | GetOptions | undefined} options @param {boolean} withMetadata */
  async #bulk(names, options, withMetadata) {
    const { type = 'text', cacheTtl } = chosen(options);
    if (type !== 'text' && type !== 'json') throw failed('GET_BULK', 400, `"${type}" is not a valid type. Use "json" or "text"`);
    if (names.length > MAX_BULK) throw failed('GET_BULK', 400, `You can request a maximum of ${MAX_BULK} keys`);
    if (names.length < 1) throw failed('GET_BULK', 400, 'You must request a minimum of 1 key');
    checkCacheTtl('GET_BULK', cacheTtl);
    /** @type {(Entry | null)[]} */
    const entries = await this.#call('GET_BULK', 'get', { keys: names });
    if (entries.reduce((sum, entry) => sum + (entry?.value.length ?? 0), 0) > MAX_BULK_BYTES) {
      throw failed('GET_BULK', 413, 'Total size of request exceeds the limit of 25MB');
    }
    return new Map(names.map((name, index) => {
      const entry = entries[index];
      if (entry === null) return [name, null];
      const value = read(entry, type);
      return [name, withMetadata ? { value, metadata: metadataOf(entry) } : value];
    }));
  }

  /** @param {string} method @param {'get' | 'put' | 'remove' | 'list'} operation @param {unknown} argument */
  async #call(method, operation, argument) {
    if (this.#store === undefined) throw new OutsideRequestError();
    try {
      return await this.#store(operation, argument);
    } catch (error) {
      throw error instanceof StorageFailure ? failed(method, error.status, error.message) : error;
    }
  }
}

/** @param {ValueType | GetOptions | null} [options] @returns {GetOptions} */
function chosen(options) {
  return typeof options === 'string' ? { type: options } : (options ?? {});
}

/** @param {string} method @param {number} status @param {string} message */
function failed(method, status, message) {
  return new Error(`KV ${method} failed: ${status} ${message}`);
}

/** @param {string} method @param {string} name */
function checkKey(method, name) {
  if (name === '') throw new TypeError('Key name cannot be empty.');
  if (name === '.' || name === '..') throw new TypeError(`"${name}" is not allowed as a key name.`);
  const length = Buffer.byteLength(name);
  if (length > MAX_KEY) throw failed(method, 414, `UTF-8 encoded length of ${length} exceeds key length limit of ${MAX_KEY}.`);
}

/** @param {string} method @param {number | undefined} cacheTtl */
function checkCacheTtl(method, cacheTtl) {
  if (cacheTtl === undefined || cacheTtl >= MIN_CACHE_TTL) return;
  throw failed(method, 400, `Invalid cache_ttl of ${cacheTtl}. Cache TTL must be at least ${MIN_CACHE_TTL}.`);
}

/** @param {Entry} entry */
function metadataOf(entry) {
  return entry.metadata === null ? null : JSON.parse(entry.metadata);
}

/** @param {Entry} entry @param {ValueType} type */
function read({ value }, type) {
  if (type === 'text') return new TextDecoder().decode(value);
  if (type === 'json') return JSON.parse(new TextDecoder().decode(value));
  const bytes = Uint8Array.from(value);
  if (type === 'arrayBuffer') return bytes.buffer;
  if (type === 'stream') return new Blob([bytes]).stream();
  throw new TypeError('Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".');
}

/** @param {unknown} value @returns {Promise<Uint8Array>} */
async function bytesOf(value) {
  if (typeof value === 'string') return new TextEncoder().encode(value);
  // Copied at once: Python passes a view of its own memory.
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (value instanceof ReadableStream) return new Uint8Array(await new Response(value).arrayBuffer());
  throw new TypeError('KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.');
}
