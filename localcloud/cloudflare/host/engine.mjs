/** Sets V8 up for isolates; to be imported before the first one starts. */

import { setFlagsFromString } from 'node:v8';

// The interpreter's hot paths are optimised after a hundred requests, not after a thousand.
setFlagsFromString('--wasm-tiering-budget=1000000');

// An isolate's 4 MB take one thread less than 1 ms; on busy cores it would wait longer for its helpers.
setFlagsFromString('--no-parallel-scavenge');
