/** The `env` of a Worker, from the bindings of its upload. */

import { Ai } from './ai.mjs';
import { UploadError } from './errors.mjs';

/**
 * @typedef {{ type: string, name: string, text?: string, json?: unknown, value?: unknown }} Binding
 * @typedef {{ id: string, tag: string, timestamp: string }} VersionMetadata
 *
 * @typedef {object} Services   what bindings reach; nothing while a script's top level runs
 * @property {string} [apiSocket]  of the v4 API's process
 */

/**
 * One maker a kind of binding; what has state (`d1`, `kv_namespace`, `queue`, …) gets its maker here.
 * @type {Record<string, (binding: Binding, version: VersionMetadata, services: Services) => unknown>}
 */
const MAKERS = {
  plain_text: (binding) => String(binding.text ?? ''),
  json: (binding) => binding.json,
  version_metadata: (_, version) => ({ ...version }),
  ai: (_, __, { apiSocket }) => new Ai(apiSocket),
};

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
