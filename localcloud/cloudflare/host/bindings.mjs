/** The `env` of a Worker, from the bindings of its upload. */

import { Ai } from './ai.mjs';
import { D1Database } from './d1.mjs';
import { UploadError } from './errors.mjs';
import { KvNamespace } from './kv.mjs';

/**
 * @typedef {{ type: string, name: string, text?: string, json?: unknown, value?: unknown, id?: string, namespace_id?: string }} Binding
 * @typedef {{ id: string, tag: string, timestamp: string }} VersionMetadata
 *
 * @typedef {object} Services   what bindings reach; nothing while a script's top level runs
 * @property {import('./ai_client.mjs').AiClient} [ai]
 * @property {import('./storage/client.mjs').StorageClient} [storage]
 */

/**
 * One maker a kind of binding; what has state (`queue`, …) gets its maker here.
 * @type {Record<string, (binding: Binding, version: VersionMetadata, services: Services) => unknown>}
 */
const MAKERS = {
  plain_text: (binding) => String(binding.text ?? ''),
  secret_text: (binding) => String(binding.text ?? ''),
  json: (binding) => binding.json,
  version_metadata: (_, version) => ({ ...version }),
  ai: (_, __, { ai }) => new Ai(ai),
  d1: ({ id = '' }, _, { storage }) => new D1Database(storage && { query: (queries) => storage.call('d1', id, 'query', { queries }) }),
  kv_namespace: ({ namespace_id: id = '' }, _, { storage }) =>
    new KvNamespace(storage && ((operation, argument) => storage.call('kv', id, operation, argument))),
};

const STORED = ['d1', 'kv_namespace'];

/** Whether the storage process must run for them. @param {readonly Binding[]} bindings */
export function needStorage(bindings) {
  return bindings.some(({ type }) => STORED.includes(type));
}

/** Whether a script's memory may hold a secret. @param {readonly Binding[]} bindings */
export function holdSecrets(bindings) {
  return bindings.some(({ type }) => type === 'secret_text');
}

/** @param {readonly Binding[]} bindings @throws {UploadError} for a kind that is not served here */
export function checkBindings(bindings) {
  for (const binding of bindings) {
    if (Object.hasOwn(MAKERS, binding.type)) continue;
    throw new UploadError(
      `Binding "${binding.name}" has the type "${binding.type}", which this Worker host does not serve; it serves ${Object.keys(MAKERS).join(', ')}.`,
    );
  }
}

/** @param {readonly Binding[]} bindings @param {VersionMetadata} version @param {Services} services @returns {Record<string, unknown>} */
export function makeEnv(bindings, version, services) {
  return Object.fromEntries(bindings.map((binding) => [binding.name, MAKERS[binding.type](binding, version, services)]));
}
