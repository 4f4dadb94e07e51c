/** One request and its answer on the network's side, and their shape for an isolate. */

import { WorkerError } from './errors.mjs';
import { errorPage, plain } from './pages.mjs';
import { newRay } from './ray.mjs';

/** developers.cloudflare.com/workers/platform/limits: request body on the Free and Pro plans. */
export const MAX_BODY = 100 * 2 ** 20;

/** Up to this size a body goes to the isolate in one message with the request. */
const WHOLE_BODY = 256 * 2 ** 10;

/** Hop by hop, or set by the server itself. */
const NOT_FORWARDED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'proxy-connection', 'te', 'trailer']);
const REPLACED = new Set(['cf-ray', 'cf-connecting-ip', 'cf-visitor', 'x-forwarded-proto', 'x-real-ip', 'x-forwarded-for']);

/**
 * @typedef {import('node:http').IncomingMessage} Incoming
 * @typedef {import('node:http').ServerResponse} Outgoing
 */

export class HttpExchange {
  #incoming;
  #outgoing;
  #ray;
  #mounted;
  #received = 0;
  /** @type {ReturnType<import('./isolate.mjs').Isolate['send']> | undefined} */ #peer;

  /**
   * @param {Incoming} incoming @param {Outgoing} outgoing @param {string} ray
   * @param {{ origin: string, prefix: string } | ''} mounted  the prefix that was removed
   */
  constructor(incoming, outgoing, ray, mounted) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#ray = ray;
    this.#mounted = mounted;
  }

  /** @param {import('./isolate.mjs').Isolate} isolate @param {Omit<import('./isolate.mjs').RequestMessage, 'id' | 'shared'>} request */
  start(isolate, request) {
    const peer = isolate.send(request, this);
    this.#peer = peer;
    this.#outgoing.on('close', () => {
      if (!this.#outgoing.writableFinished) peer.gone();
    });
    if (!request.streamed) return;
    this.#incoming.on('data', (/** @type {Buffer} */ chunk) => {
      this.#received += chunk.length;
      this.#incoming.pause();
      if (this.#received > MAX_BODY) {
        peer.gone();
        refuse(this.#incoming, this.#outgoing, 413, 'The request body is larger than 100 MB.\n');
      } else peer.chunk(new Uint8Array(chunk));
    });
    this.#incoming.on('end', () => peer.end());
    this.#incoming.pause();
  }

  onPull() {
    this.#incoming.resume();
  }

  /** What HTTP cannot carry (a control character in a header, status 0) is the Worker's fault. @param {import('./isolate.mjs').ResponseHead} head */
  onResponse(head) {
    try {
      this.#answer(head);
    } catch (error) {
      this.#peer?.gone();
      this.onError(new WorkerError(1101, String(error)));
    }
  }

  /** @param {import('./isolate.mjs').ResponseHead} head */
  #answer({ status, statusText, headers, body, streamed }) {
    const out = ['cf-ray', this.#ray, 'server', 'cloudflare'];
    const bodiless = status === 304 || this.#incoming.method === 'HEAD';
    for (let i = 0; i < headers.length; i += 2) {
      if (NOT_FORWARDED.has(headers[i]) || (headers[i] === 'content-length' && !bodiless)) continue;
      out.push(headers[i], headers[i] === 'location' ? this.#location(headers[i + 1]) : headers[i + 1]);
    }
    if (!streamed && !bodiless && status !== 204) out.push('content-length', String(body?.byteLength ?? 0));
    if (statusText) this.#outgoing.writeHead(status, statusText, out);
    else this.#outgoing.writeHead(status, out);
    if (!streamed) this.#outgoing.end(body);
    else this.#outgoing.flushHeaders();
    this.#incoming.resume();
  }

  /** @param {Uint8Array} chunk */
  onChunk(chunk) {
    if (this.#outgoing.write(chunk)) this.#peer?.more();
    else this.#outgoing.once('drain', () => this.#peer?.more());
  }

  onEnd() {
    this.#outgoing.end();
  }

  /** @param {WorkerError} error */
  onError(error) {
    if (this.#outgoing.headersSent) {
      this.#outgoing.destroy();
      return;
    }
    const page = errorPage(error.code, this.#ray);
    this.#outgoing.writeHead(page.status, [...page.headers, 'cf-ray', this.#ray, 'content-length', String(Buffer.byteLength(page.body))]);
    this.#outgoing.end(page.body);
    this.#incoming.resume();
  }

  /** A place on the own origin gets back the prefix that the Worker does not see. @param {string} value */
  #location(value) {
    if (!this.#mounted) return value;
    const { origin, prefix } = this.#mounted;
    if (value.startsWith('/') && !value.startsWith('//')) return prefix + value;
    return value === origin || value.startsWith(`${origin}/`) ? origin + prefix + value.slice(origin.length) : value;
  }
}

/** @param {Incoming} incoming @param {Outgoing} outgoing @param {number} status @param {string} text */
export function refuse(incoming, outgoing, status, text) {
  const page = plain(status, text);
  outgoing.writeHead(status, [...page.headers, 'cf-ray', newRay(), 'content-length', String(Buffer.byteLength(text)), 'connection', 'close']);
  outgoing.end(page.body);
  incoming.resume();
}

/** @param {Incoming} incoming @returns {Promise<Uint8Array | undefined | 'streamed'>} undefined when there is none */
export function wholeBody(incoming) {
  const length = incoming.headers['content-length'];
  if (length === undefined) return Promise.resolve(incoming.headers['transfer-encoding'] ? 'streamed' : undefined);
  if (Number(length) > WHOLE_BODY) return Promise.resolve('streamed');
  if (Number(length) === 0) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const body = new Uint8Array(Number(length));
    let at = 0;
    incoming.on('data', (/** @type {Buffer} */ chunk) => {
      body.set(chunk, at);
      at += chunk.length;
    });
    incoming.on('end', () => resolve(body));
    incoming.on('error', reject);
  });
}

/** What Cloudflare adds: developers.cloudflare.com/fundamentals/reference/http-headers. @param {Incoming} incoming @param {string} ray */
export function requestHeaders(incoming, ray) {
  const client = incoming.socket.remoteAddress ?? '127.0.0.1';
  /** @type {[string, string][]} */
  const headers = [];
  const raw = incoming.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    if (!NOT_FORWARDED.has(name) && !REPLACED.has(name)) headers.push([name, raw[i + 1]]);
  }
  headers.push(['cf-ray', ray], ['cf-connecting-ip', client], ['cf-visitor', '{"scheme":"http"}'], ['x-forwarded-proto', 'http'], ['x-real-ip', client]);
  return headers;
}
