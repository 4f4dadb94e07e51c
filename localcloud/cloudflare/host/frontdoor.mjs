/** The front door on 127.0.0.1: a request from the network becomes one in an isolate, and its answer one on the network. */

import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';

import { Addresses } from './addresses.mjs';
import { WorkerError } from './errors.mjs';
import { HttpExchange, MAX_BODY, refuse, requestHeaders, wholeBody } from './exchange.mjs';
import { errorPage, FOREIGN_HOST, NO_SUCH_WORKER } from './pages.mjs';
import { newRay } from './ray.mjs';

/** developers.cloudflare.com/workers/platform/limits: URL and headers. */
const MAX_URL = 16 * 2 ** 10;
const MAX_HEADERS = 128 * 2 ** 10;

/** How long a request waits for a host that is not told yet where its scripts answer. */
const HELD_MS = 10_000;

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
    if (headerBytes(incoming) > MAX_HEADERS) return refuse(incoming, outgoing, 431, 'The headers are larger than 128 KB.\n');
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

/** Names and values. @param {Incoming} incoming */
function headerBytes({ rawHeaders }) {
  let size = 0;
  for (const part of rawHeaders) size += part.length;
  return size;
}
