/**
 * The Worker host: `node main.mjs --port P --api-socket PATH --host-socket PATH --data DIR --logs DIR`
 * with `--max-isolates N` (a script; default: the machine's cores) and `--pyodide-root DIR` (where npm packages are found).
 *
 * Prints `ready {"port": P}`, or `failed {"code", "message"}` and exits with 1. Ends with its standard input or on SIGTERM.
 */

import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Addresses } from './addresses.mjs';
import { Control } from './control.mjs';
import { FrontDoor } from './frontdoor.mjs';
import { WorkerLog } from './logs.mjs';
import { ApiProxy } from './proxy.mjs';
import { Storage } from './storage/process.mjs';
import { Releases } from './upload.mjs';

/** @typedef {{ port: number, apiSocket: string, hostSocket: string, data: string, logs: string, maxIsolates: number, pyodideRoot: string }} Options */

/** @param {string[]} args @returns {Options} */
function options(args) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string' },
      'api-socket': { type: 'string' },
      'host-socket': { type: 'string' },
      data: { type: 'string' },
      logs: { type: 'string' },
      'max-isolates': { type: 'string' },
      'pyodide-root': { type: 'string' },
    },
  });
  const required = (/** @type {'port' | 'api-socket' | 'host-socket' | 'data' | 'logs'} */ name) => {
    const value = values[name];
    if (value === undefined) throw Object.assign(new Error(`--${name} is missing.`), { code: 'Usage' });
    return value;
  };
  return {
    port: Number(required('port')),
    apiSocket: required('api-socket'),
    hostSocket: required('host-socket'),
    data: required('data'),
    logs: required('logs'),
    maxIsolates: Number(values['max-isolates'] ?? availableParallelism()),
    pyodideRoot: values['pyodide-root'] ?? import.meta.dirname,
  };
}

async function main() {
  const chosen = options(process.argv.slice(2));
  const workerLog = new WorkerLog(chosen.logs);
  const log = (/** @type {string} */ script, /** @type {string} */ level, /** @type {string} */ text) => workerLog.write(script, level, text);
  const addresses = new Addresses();
  const control = new Control({
    releases: new Releases(chosen.pyodideRoot),
    snapshots: join(chosen.data, 'snapshots'),
    apiSocket: chosen.apiSocket,
    storage: new Storage(join(chosen.data, 'storage'), chosen.hostSocket.replace(/(\.sock)?$/, '-storage.sock')),
    addresses,
    log,
    maxIsolates: chosen.maxIsolates,
  });
  const api = new ApiProxy(chosen.apiSocket);
  const door = new FrontDoor({ scripts: control.scripts, api, addresses, log });

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    door.close();
    api.close();
    await control.close();
    rmSync(chosen.hostSocket, { force: true });
    await workerLog.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  process.stdin.on('end', () => void stop()).on('error', () => void stop()).resume();

  await control.listen(chosen.hostSocket);
  const port = await door.listen(chosen.port);
  addresses.port = port;
  process.stdout.write(`ready ${JSON.stringify({ port })}\n`);
}

try {
  await main();
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const known = code === 'EADDRINUSE' ? 'PortInUse' : (code ?? 'StartFailed');
  process.stdout.write(`failed ${JSON.stringify({ code: known, message })}\n`);
  process.exitCode = 1;
  process.exit();
}
