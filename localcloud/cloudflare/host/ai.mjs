/**
 * The binding of the type `ai`, after workerd's (cloudflare/workerd, src/cloudflare/internal/ai-api.ts). The Python SDK
 * wraps it by the name of its class. It asks the v4 API's process on its private socket, in the words of workerd's.
 */

import { Agent, request } from 'node:http';

/** The API closes a connection that idles for 75 s. */
const IDLE_MS = 30_000;
const RUN = '/ai/run';
const NOT_SENT = new Set(['prefix', 'extraHeaders', 'sessionOptions', 'signal']);

/**
 * @typedef {object} AiOptions
 * @property {{ id: string }} [gateway]
 * @property {boolean} [websocket]
 * @property {boolean} [returnRawResponse]
 * @property {string} [prefix]
 * @property {Record<string, string>} [extraHeaders]
 * @property {AbortSignal} [signal]
 *
 * @typedef {import('node:http').IncomingMessage} Incoming
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
  #socketPath;
  #agent = new Agent({ keepAlive: true, timeout: IDLE_MS });

  /** @type {string | null} */ lastRequestId = null;
  /** @type {string | null} */ aiGatewayLogId = null;
  /** @type {number | null} */ lastRequestHttpStatusCode = null;
  /** @type {number | null} */ lastRequestInternalStatusCode = null;

  /** @param {string | undefined} socketPath  the API's; undefined while a script's top level runs */
  constructor(socketPath) {
    this.#socketPath = socketPath;
  }

  /**
   * @param {string} model @param {Record<string, unknown>} inputs @param {AiOptions} [options]
   * @returns {Promise<Response | ReadableStream<Uint8Array> | object>} a stream of server-sent events for `stream: true`
   */
  async run(model, inputs, options = {}) {
    this.lastRequestId = '';
    if (options.websocket) throw notServed('A websocket');
    const sent = Object.fromEntries(Object.entries(options).filter(([name]) => !NOT_SENT.has(name)));
    const answer = await this.#ask(model, JSON.stringify({ inputs, options: sent }), options);
    const status = answer.statusCode ?? 0;
    this.lastRequestId = String(answer.headers['cf-ai-req-id'] ?? '') || null;
    this.lastRequestHttpStatusCode = status;
    const type = answer.headers['content-type'] ?? '';
    if (options.returnRawResponse) return new Response(streamOf(answer), { status, headers: { 'content-type': type } });
    if (status !== 200) throw this.#failure(await textOf(answer));
    return type === 'application/json' ? JSON.parse(await textOf(answer)) : streamOf(answer);
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

  /** @param {string} model @param {string} body @param {AiOptions} options @returns {Promise<Incoming>} */
  #ask(model, body, { prefix, extraHeaders, signal }) {
    if (this.#socketPath === undefined) throw outsideRequest();
    const headers = {
      ...extraHeaders,
      host: 'workers-binding.ai',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cf-consn-sdk-version': '2.0.0',
      'cf-consn-model-id': encodeURI(`${prefix ? `${prefix}:` : ''}${model}`),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request({ socketPath: this.#socketPath, agent: this.#agent, method: 'POST', path: RUN, headers, signal });
      outgoing.on('response', resolve);
      outgoing.on('error', (error) => reject(signal?.aborted ? (signal.reason ?? error) : connectionLost()));
      outgoing.end(body);
    });
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

/** @param {Incoming} incoming @returns {Promise<string>} */
async function textOf(incoming) {
  try {
    return Buffer.concat(await incoming.toArray()).toString();
  } catch {
    throw connectionLost();
  }
}

/** Pieces as they come, no faster than they are read. @param {Incoming} incoming @returns {ReadableStream<Uint8Array>} */
function streamOf(incoming) {
  incoming.pause();
  return new ReadableStream({
    start(controller) {
      incoming.on('data', (/** @type {Buffer} */ chunk) => {
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on('end', () => controller.close());
      incoming.on('error', () => controller.error(connectionLost()));
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      incoming.destroy();
    },
  });
}

/** As workerd says it. */
function connectionLost() {
  return new Error('Network connection lost.');
}

function outsideRequest() {
  return new Error('Disallowed operation called within global scope: AI.run needs a request.');
}

/** @param {string} what */
function notServed(what) {
  return new AiInternalError(`${what} is not served by the local cloud's Workers AI.`);
}
