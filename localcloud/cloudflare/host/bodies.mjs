/** Bodies on their way between the front door and an isolate: whole when they are small, else chunk by chunk on demand. */

import { Response } from './runtime.mjs';

export class Bodies {
  #port;
  #used;
  /** @type {Map<number, ReadableStreamDefaultController<Uint8Array>>} */ #incoming = new Map();
  /** @type {Map<number, { resume: () => void, cancel: () => void }>} */ #outgoing = new Map();

  /**
   * @param {import('node:worker_threads').MessagePort} port
   * @param {(id: number) => { cpu: number, subrequests: number }} used  by a request that has its answer
   */
  constructor(port, used) {
    this.#port = port;
    this.#used = used;
  }

  /** A request's body whose chunks come by message. @param {number} id @returns {ReadableStream<Uint8Array>} */
  incoming(id) {
    return new ReadableStream(
      {
        start: (controller) => void this.#incoming.set(id, controller),
        pull: () => this.#port.postMessage({ type: 'pull', id }),
        cancel: () => {
          this.#incoming.delete(id);
          this.#port.postMessage({ type: 'unread', id });
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** @param {{ type: string, id: number, chunk?: Uint8Array }} message */
  receive(message) {
    if (message.type === 'chunk') this.#incoming.get(message.id)?.enqueue(/** @type {Uint8Array} */ (message.chunk));
    else if (message.type === 'end') {
      this.#incoming.get(message.id)?.close();
      this.#incoming.delete(message.id);
    } else if (message.type === 'gone') {
      this.#incoming.get(message.id)?.error(new Error('The client went away.'));
      this.#incoming.delete(message.id);
      this.#outgoing.get(message.id)?.cancel();
    } else if (message.type === 'more') this.#outgoing.get(message.id)?.resume();
  }

  /** @param {number} id @param {globalThis.Response} response */
  send(id, response) {
    const { status, statusText } = response;
    /** @type {string[]} */
    const headers = [];
    for (const [name, value] of response.headers) headers.push(name, value);
    const bytes = response instanceof Response ? Response.bytesOf(response) : undefined;
    if (bytes !== undefined || response.body === null) {
      const message = { type: 'response', id, status, statusText, headers, body: bytes, used: this.#used(id) };
      this.#port.postMessage(message, bytes ? [/** @type {ArrayBuffer} */ (bytes.buffer)] : []);
    } else {
      this.#port.postMessage({ type: 'response', id, status, statusText, headers, streamed: true });
      void this.#stream(id, response.body);
    }
  }

  /** One chunk for each `more`. @param {number} id @param {ReadableStream<Uint8Array>} body */
  async #stream(id, body) {
    const reader = body.getReader();
    let wanted = 4;
    let wake = () => {};
    this.#outgoing.set(id, {
      resume: () => { wanted += 1; wake(); },
      cancel: () => { wanted = Infinity; void reader.cancel().catch(() => {}); wake(); },
    });
    try {
      for (;;) {
        if (wanted === 0) await new Promise((resolve) => { wake = () => resolve(undefined); });
        const { done, value } = await reader.read();
        if (done) break;
        wanted -= 1;
        this.#port.postMessage({ type: 'chunk', id, chunk: value.slice() });
      }
      this.#port.postMessage({ type: 'end', id, used: this.#used(id) });
    } catch (error) {
      this.#port.postMessage({ type: 'broken', id, message: String(error), used: this.#used(id) });
    } finally {
      this.#outgoing.delete(id);
    }
  }
}
