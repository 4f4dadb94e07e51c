/** The front door on 127.0.0.1: a request from the network becomes one in an isolate, and its answer one on the network. */

import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';

import { Addresses } from './addresses.mjs';
import { WorkerError } from './errors.mjs';
import { errorPage, FOREIGN_HOST, NO_SUCH_WORKER, plain } from './pages.mjs';
import { newRay } from './ray.mjs';

/** developers.cloudflare.com/workers/platform/limits: request body on the Free and Pro plans, URL, headers. */
const MAX_BODY = 100 * 2 ** 20;
const MAX_URL = 16 * 2 ** 10;
const MAX_HEADERS = 128 * 2 ** 10;

/** How long a request waits for a host that is not told yet where its scripts answer. */
const HELD_MS = 10_000;

/** Up to this size a body goes to the isolate in one message with the request. */
const WHOLE_BODY = 256 * 2 ** 10;

/** Hop by hop, or set by the server itself. */
const NOT_FORWARDED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'proxy-connection', 'te', 'trailer']);
const REPLACED = new Set(['cf-ray', 'cf-connecting-ip', 'cf-visitor', 'x-forwarded-proto', 'x-real-ip', 'x-forwarded-for']);

/**
 * @typedef {import('node:http').IncomingMessage} Incoming
 * @typedef {import('node:http').ServerResponse} Outgoing
 */

export class FrontDoor {
  #server;
  #scripts;
  #api;
  #addresses;
  #log;

  /**
   * @param {object} parts
   * @param {ReadonlyMap<string, import('./script.mjs').Script>} parts.scripts
   * @param {import('./proxy.mjs').ApiProxy} parts.api
   * @param {Addresses} parts.addresses
   * @param {(script: string, level: string, text: string) => void} parts.log
   */
  constructor({ scripts, api, addresses, log }) {
    this.#scripts = scripts;
    this.#api = api;
    this.#addresses = addresses;
    this.#log = log;
    this.#server = createServer(
      { maxHeaderSize: MAX_URL + MAX_HEADERS, noDelay: true, requestTimeout: 0, keepAliveTimeout: 60_000 },
      (incoming, outgoing) => this.#handle(incoming, outgoing),
    );
  }

  /** @param {number} port @returns {Promise<number>} the port in use */
  listen(port) {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: '127.0.0.1' }, () => {
        resolve(/** @type {import('node:net').AddressInfo} */ (this.#server.address()).port);
      });
    });
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** @param {Incoming} incoming @param {Outgoing} outgoing */
  #handle(incoming, outgoing) {
    const url = incoming.url ?? '/';
    const host = incoming.headers.host ?? '';
    if (url.length > MAX_URL) return refuse(incoming, outgoing, 414, 'The URL is longer than 16 KB.\n');
    if (url === '/client/v4' || url.startsWith('/client/v4/')) {
      if (this.#addresses.isLoopback(host)) return this.#api.handle(incoming, outgoing);
    }
    if (this.#addresses.known) this.#route(incoming, outgoing);
    else void this.#hold(incoming, outgoing);
  }

  /** After a crash it takes a moment until the host is told its scripts again. @param {Incoming} incoming @param {Outgoing} outgoing */
  async #hold(incoming, outgoing) {
    const waited = new AbortController();
    await Promise.race([this.#addresses.told, setTimeout(HELD_MS, undefined, { ref: false, signal: waited.signal }).catch(() => {})]);
    waited.abort();
    if (!outgoing.destroyed) this.#route(incoming, outgoing);
  }

  /** @param {Incoming} incoming @param {Outgoing} outgoing */
  #route(incoming, outgoing) {
    const url = incoming.url ?? '/';
    const destination = this.#addresses.find(incoming.headers.host ?? '', url);
    if (destination === 'unknown-host') return refuse(incoming, outgoing, 403, FOREIGN_HOST);
    const script = destination === 'unknown-script' ? undefined : this.#scripts.get(destination.script);
    if (destination === 'unknown-script' || script === undefined) return refuse(incoming, outgoing, 404, NO_SUCH_WORKER);
    if (Number(incoming.headers['content-length'] ?? 0) > MAX_BODY) {
      return refuse(incoming, outgoing, 413, 'The request body is larger than 100 MB.\n');
    }
    void this.#serve(script, destination, incoming, outgoing);
  }

  /**
   * @param {import('./script.mjs').Script} script @param {{ script: string, prefix: string }} destination
   * @param {Incoming} incoming @param {Outgoing} outgoing
   */
  async #serve(script, { script: name, prefix }, incoming, outgoing) {
    const ray = newRay();
    try {
      const body = await wholeBody(incoming);
      const isolate = await script.isolate();
      const origin = `http://${incoming.headers.host}`;
      const path = (incoming.url ?? '/').slice(prefix.length);
      const exchange = new HttpExchange(incoming, outgoing, ray, prefix && { origin, prefix });
      exchange.start(
        isolate,
        {
          method: incoming.method ?? 'GET',
          url: origin + (path.startsWith('/') ? path : `/${path}`),
          headers: requestHeaders(incoming, ray),
          body: body === 'streamed' ? undefined : body,
          streamed: body === 'streamed',
          cf: { colo: 'LOC', httpProtocol: `HTTP/${incoming.httpVersion}`, clientTcpRtt: 0 },
        },
      );
    } catch (error) {
      const failure = error instanceof WorkerError ? error : new WorkerError(1101, String(error));
      this.#log(name, 'error', failure.message);
      const page = errorPage(failure.code, ray);
      if (!outgoing.headersSent) outgoing.writeHead(page.status, [...page.headers, 'cf-ray', ray]);
      outgoing.end(page.body);
    }
  }
}

/** One request and its answer on the network's side. */
class HttpExchange {
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

  /** @param {import('./isolate.mjs').ResponseHead} head */
  onResponse({ status, statusText, headers, body, streamed }) {
    const out = ['cf-ray', this.#ray, 'server', 'cloudflare'];
    for (let i = 0; i < headers.length; i += 2) {
      if (NOT_FORWARDED.has(headers[i])) continue;
      out.push(headers[i], headers[i] === 'location' ? this.#location(headers[i + 1]) : headers[i + 1]);
    }
    const bodiless = status === 204 || status === 304;
    if (!streamed && !bodiless && !headers.includes('content-length')) out.push('content-length', String(body?.byteLength ?? 0));
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
function refuse(incoming, outgoing, status, text) {
  const page = plain(status, text);
  outgoing.writeHead(status, [...page.headers, 'cf-ray', newRay(), 'content-length', String(Buffer.byteLength(text)), 'connection', 'close']);
  outgoing.end(page.body);
  incoming.resume();
}

/** @param {Incoming} incoming @returns {Promise<Uint8Array | undefined | 'streamed'>} undefined when there is none */
function wholeBody(incoming) {
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
function requestHeaders(incoming, ray) {
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
