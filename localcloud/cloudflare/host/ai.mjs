/**
 * The binding of the type `ai`, after workerd's (cloudflare/workerd, src/cloudflare/internal/ai-api.ts). The Python SDK
 * wraps it by the name of its class.
 */

import { OutsideRequestError } from './errors.mjs';

const NOT_SENT = new Set(['prefix', 'extraHeaders', 'sessionOptions', 'signal']);

/**
 * @typedef {object} AiOptions
 * @property {{ id: string }} [gateway]
 * @property {boolean} [websocket]
 * @property {boolean} [returnRawResponse]
 * @property {string} [prefix]
 * @property {Record<string, string>} [extraHeaders]
 * @property {AbortSignal} [signal]
 */

export class InferenceUpstreamError extends Error {
  /** @param {string} message @param {string} [name] */
  constructor(message, name = 'InferenceUpstreamError') {
    super(message);
    this.name = name;
  }
}

export class AiInternalError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'AiInternalError';
  }
}

export class Ai {
  #client;

  /** @type {string | null} */ lastRequestId = null;
  /** @type {string | null} */ aiGatewayLogId = null;
  /** @type {number | null} */ lastRequestHttpStatusCode = null;
  /** @type {number | null} */ lastRequestInternalStatusCode = null;

  /** @param {import('./ai_client.mjs').AiClient | undefined} client  undefined while a script's top level runs */
  constructor(client) {
    this.#client = client;
  }

  /**
   * @param {string} model @param {Record<string, unknown>} inputs @param {AiOptions} [options]
   * @returns {Promise<Response | ReadableStream<Uint8Array> | object>} a stream of server-sent events for `stream: true`
   */
  async run(model, inputs, options = {}) {
    if (this.#client === undefined) throw new OutsideRequestError();
    if (options.websocket) throw notServed('A websocket');
    this.lastRequestId = '';
    const sent = Object.fromEntries(Object.entries(options).filter(([name]) => !NOT_SENT.has(name)));
    const headers = {
      ...options.extraHeaders,
      'content-type': 'application/json',
      'cf-consn-sdk-version': '2.0.0',
      'cf-consn-model-id': encodeURI(`${options.prefix ? `${options.prefix}:` : ''}${model}`),
    };
    const answer = await this.#client.ask(headers, JSON.stringify({ inputs, options: sent }), options.signal);
    const { status, type, text = '', stream } = answer;
    this.lastRequestId = answer.requestId || null;
    this.lastRequestHttpStatusCode = status;
    if (options.returnRawResponse) return new Response(stream ?? text, { status, headers: { 'content-type': type } });
    if (status !== 200) throw this.#failure(text);
    return stream ?? JSON.parse(text);
  }

  toMarkdown() {
    throw notServed('AI.toMarkdown');
  }

  gateway() {
    throw notServed('AI.gateway');
  }

  autorag() {
    throw notServed('AI.autorag');
  }

  models() {
    throw notServed('AI.models');
  }

  /** @param {string} content */
  #failure(content) {
    try {
      const { internalCode, description, name } = JSON.parse(content);
      this.lastRequestInternalStatusCode = internalCode;
      return new InferenceUpstreamError(`${internalCode}: ${description}`, name);
    } catch {
      return new InferenceUpstreamError(content);
    }
  }
}

/** @param {string} what */
function notServed(what) {
  return new AiInternalError(`${what} is not served by the local cloud's Workers AI.`);
}
