import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const QUIET_MS = 2000;

/** Collects now what V8 would collect at some later time: what a start leaves behind is more than what an isolate needs. */
export function collectGarbage() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Collects when nothing has called for a while. @returns {() => void} to be called when there was something to do */
export function collectWhenQuiet() {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(collectGarbage, QUIET_MS).unref();
  };
}

/** Garbage does not count: a heap that looks too large is collected before it is judged. @param {number} wasmBytes @param {number} limit */
export function exceedsMemory(wasmBytes, limit) {
  if (wasmBytes + getHeapStatistics().used_heap_size <= limit) return false;
  collectGarbage();
  return wasmBytes + getHeapStatistics().used_heap_size > limit;
}
