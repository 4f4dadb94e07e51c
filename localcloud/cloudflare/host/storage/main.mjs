/**
 * The storage process: `node main.mjs --socket PATH --data DIR`, where all that Workers store is read and written.
 *
 * A process, as SQLite has no way here to be interrupted: a query that takes too long ends with the process, and a new
 * one goes on with what is committed. Ends with its standard input.
 */

import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';

import { D1Store } from './d1.mjs';
import { StorageFailure } from './failures.mjs';
import { frame, FrameReader } from './frames.mjs';
import { KvStore } from './kv.mjs';

const { values } = parseArgs({ options: { socket: { type: 'string' }, data: { type: 'string' } } });
const socketPath = String(values.socket);
const stores = { d1: new D1Store(String(values.data)), kv: new KvStore(String(values.data)) };
const services = { ...stores, process: { ping: () => null } };

/** @param {import('node:net').Socket} connection */
function serve(connection) {
  const reader = new FrameReader(({ call, service, id, operation, argument }) => connection.write(frame({ call, ...answer(service, id, operation, argument) })));
  connection.write(frame('welcome'));
  connection.on('data', (chunk) => reader.push(chunk));
  connection.on('error', () => connection.destroy());
}

/** @param {keyof typeof services} service @param {string} id @param {string} operation @param {unknown} argument */
function answer(service, id, operation, argument) {
  try {
    return { result: /** @type {any} */ (services[service])[operation](id, argument) };
  } catch (error) {
    const { kind, status, message } = error instanceof StorageFailure ? error : new StorageFailure('sql', String(error), 500);
    return { failure: { kind, status, message } };
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
