/** An isolate's half of the AI binding: questions go to the main thread, which has the network. */

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} type  the content type
 * @property {string} requestId
 * @property {string} [text]
 * @property {ReadableStream<Uint8Array>} [stream]  in the place of a text
 *
 * @typedef {object} Waiting
 * @property {(answer: Answer) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {ReadableStreamDefaultController<Uint8Array>} [controller]
 */

export class AiClient {
  #port;
  #nextId = 1;
  /** @type {Map<number, Waiting>} */ #waiting = new Map();

  /** @param {import('node:worker_threads').MessagePort} port */
  constructor(port) {
    this.#port = port;
    port.on('message', (/** @type {import('./ai_relay.mjs').Told} */ message) => this.#told(message));
  }

  /** @param {Record<string, string>} headers @param {string} body @param {AbortSignal} [signal] @returns {Promise<Answer>} */
  ask(headers, body, signal) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.#waiting.set(id, { resolve, reject });
      signal?.addEventListener('abort', () => this.#fail(id, signal.reason, true), { once: true });
      this.#port.postMessage({ id, headers, body });
    });
  }

  /** @param {import('./ai_relay.mjs').Told} message */
  #told({ id, head, chunk, end, lost }) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (head && head.text !== undefined) {
      this.#waiting.delete(id);
      waiting.resolve(head);
    } else if (head) waiting.resolve({ ...head, stream: this.#stream(id, waiting) });
    else if (chunk) waiting.controller?.enqueue(chunk);
    else if (lost) this.#fail(id, new Error('Network connection lost.'), false); // as workerd says it
    else if (end) {
      this.#waiting.delete(id);
      waiting.controller?.close();
    }
  }

  /** @param {number} id @param {Waiting} waiting @returns {ReadableStream<Uint8Array>} */
  #stream(id, waiting) {
    return new ReadableStream({
      start: (controller) => {
        waiting.controller = controller;
      },
      cancel: () => {
        this.#waiting.delete(id);
        this.#port.postMessage({ id, gone: true });
      },
    });
  }

  /** @param {number} id @param {unknown} error @param {boolean} tell */
  #fail(id, error, tell) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (tell) this.#port.postMessage({ id, gone: true });
    waiting.reject(error);
    waiting.controller?.error(error);
  }
}
