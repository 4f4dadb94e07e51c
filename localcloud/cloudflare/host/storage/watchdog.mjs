/** A thread beside the storage's own: ends the process when one operation takes longer than D1 lets a query take. */

import { workerData } from 'node:worker_threads';

/** developers.cloudflare.com/d1/platform/limits: the longest that a query may take, in seconds. */
const MOST_SECONDS = 30;

/** The number of the operation that runs, 0 when none does. */
const running = /** @type {Int32Array} */ (workerData);
let watched = 0;
let seconds = 0;
setInterval(() => {
  const number = Atomics.load(running, 0);
  seconds = number !== 0 && number === watched ? seconds + 1 : 0;
  watched = number;
  if (seconds >= MOST_SECONDS) process.kill(process.pid, 'SIGKILL');
}, 1000);
