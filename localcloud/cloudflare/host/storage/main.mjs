/**
 * The storage process: `node main.mjs --socket PATH --data DIR`, where all that Workers store is read and written.
 *
 * A process, as SQLite has no way here to be interrupted: a query that takes too long ends with the process, and a new
 * one goes on with what is committed. Ends with its standard input.
 */

import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { D1Store } from './d1.mjs';
import { StorageFailure } from './failures.mjs';
import { frame, FrameReader } from './frames.mjs';
import { KvStore } from './kv.mjs';

const { values } = parseArgs({ options: { socket: { type: 'string' }, data: { type: 'string' } } });
const socketPath = String(values.socket);
const stores = { d1: new D1Store(String(values.data)), kv: new KvStore(String(values.data)) };

/** What `watchdog.mjs` looks at. */
const running = new Int32Array(new SharedArrayBuffer(4));
let operations = 0;
new Worker(new URL('watchdog.mjs', import.meta.url), { workerData: running, stdin: false }).unref();

/** @param {import('node:net').Socket} connection */
function serve(connection) {
  const reader = new FrameReader(({ call, service, id, operation, argument }) => connection.write(frame({ call, ...answer(service, id, operation, argument) })));
  connection.on('data', (chunk) => reader.push(chunk));
  connection.on('error', () => connection.destroy());
}

/** @param {'d1' | 'kv'} service @param {string} id @param {string} operation @param {unknown} argument */
function answer(service, id, operation, argument) {
  operations = (operations % 2 ** 30) + 1;
  Atomics.store(running, 0, operations);
  try {
    return { result: /** @type {any} */ (stores[service])[operation](id, argument) };
  } catch (error) {
    const { kind, status, message } = error instanceof StorageFailure ? error : new StorageFailure('sql', String(error), 500);
    return { failure: { kind, status, message } };
  } finally {
    Atomics.store(running, 0, 0);
  }
}

rmSync(socketPath, { force: true });
const server = createServer(serve);
server.listen(socketPath);
process.stdin.on('end', () => {
  for (const store of Object.values(stores)) store.close();
  process.exit(0);
}).on('error', () => process.exit(0)).resume();
process.on('SIGTERM', () => {});
process.on('SIGINT', () => {});
