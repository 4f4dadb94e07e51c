/** `/client/v4` passes, unchanged both ways, to the v4 API on its private socket. */

import { Agent, request } from 'node:http';
import { pipeline } from 'node:stream';

export class ApiProxy {
  #agent = new Agent({ keepAlive: true });
  #socketPath;

  /** @param {string} socketPath */
  constructor(socketPath) {
    this.#socketPath = socketPath;
  }

  /** @param {import('node:http').IncomingMessage} incoming @param {import('node:http').ServerResponse} outgoing */
  handle(incoming, outgoing) {
    const upstream = request({
      socketPath: this.#socketPath,
      agent: this.#agent,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.rawHeaders,
      setHost: false,
    });
    upstream.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      // An answer that breaks off breaks off here as well.
      pipeline(answer, outgoing, () => {});
    });
    upstream.on('error', (error) => {
      incoming.resume();
      if (outgoing.headersSent) outgoing.destroy();
      else this.#unavailable(outgoing, /** @type {NodeJS.ErrnoException} */ (error).code ?? error.message);
    });
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  }

  close() {
    this.#agent.destroy();
  }

  /** @param {import('node:http').ServerResponse} outgoing @param {string} reason */
  #unavailable(outgoing, reason) {
    const message = `The local Cloudflare API does not answer (${reason}); "python -m localcloud status" says more.`;
    outgoing.writeHead(502, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ success: false, errors: [{ code: 10000, message }], messages: [], result: null }));
  }
}
