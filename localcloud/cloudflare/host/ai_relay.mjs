/**
 * The main thread's half of the AI binding: it asks the v4 API's process for an isolate, and hands over what comes. Done
 * here, the network costs no CPU time of the isolate, as on Cloudflare; HTTP in its own thread took 25 ms at its first call.
 */

import { Agent, request } from 'node:http';

/** The API closes a connection that idles for 75 s. */
const agent = new Agent({ keepAlive: true, timeout: 30_000 });
const RUN = '/ai/run';

/**
 * @typedef {{ id: number, headers: Record<string, string>, body: string } | { id: number, gone: true }} Asked
 *
 * What an isolate is told: the head with a whole body, or the head and then chunks. A chunk is not held back until it is
 * read, as an answer has no more than the few kilobytes of its tokens.
 * @typedef {{ status: number, type: string, requestId: string, text?: string }} Head
 * @typedef {{ id: number, head?: Head, chunk?: Uint8Array, end?: true, lost?: true }} Told
 */

/** @param {import('node:worker_threads').MessagePort} port  an isolate's @param {string} socketPath  the API's */
export function relay(port, socketPath) {
  /** @type {Map<number, import('node:http').ClientRequest>} */
  const asked = new Map();
  const tell = (/** @type {Told} */ message) => {
    if (message.end || message.lost || message.head?.text !== undefined) asked.delete(message.id);
    port.postMessage(message);
  };
  port.on('message', (/** @type {Asked} */ message) => {
    const { id } = message;
    if ('gone' in message) {
      asked.get(id)?.destroy();
      return;
    }
    const headers = { ...message.headers, host: 'workers-binding.ai', 'content-length': Buffer.byteLength(message.body) };
    try {
      const outgoing = request({ socketPath, agent, method: 'POST', path: RUN, headers });
      asked.set(id, outgoing);
      outgoing.on('response', (incoming) => void hand(id, incoming, tell));
      outgoing.on('error', () => tell({ id, lost: true }));
      outgoing.end(message.body);
    } catch {
      tell({ id, lost: true }); // a header that HTTP cannot carry
    }
  });
  port.on('close', () => {
    for (const outgoing of asked.values()) outgoing.destroy();
  });
  port.unref();
}

/** @param {number} id @param {import('node:http').IncomingMessage} incoming @param {(message: Told) => void} tell */
async function hand(id, incoming, tell) {
  const type = incoming.headers['content-type'] ?? '';
  const head = { status: incoming.statusCode ?? 0, type, requestId: String(incoming.headers['cf-ai-req-id'] ?? '') };
  try {
    if (type !== 'text/event-stream') {
      tell({ id, head: { ...head, text: Buffer.concat(await incoming.toArray()).toString() } });
      return;
    }
    tell({ id, head });
    for await (const chunk of incoming) tell({ id, chunk: new Uint8Array(chunk) });
    tell({ id, end: true });
  } catch {
    tell({ id, lost: true });
  }
}
