import assert from 'node:assert/strict';
import { it } from 'node:test';

import { allowedStartup } from '../upload.mjs';

it('allows the top level a second of CPU time, and more on a machine that is slow at this moment', () => {
  assert.equal(allowedStartup({ user: 1_000_000, system: 0 }), 1000);
  assert.equal(allowedStartup({ user: 2_000_000, system: 500_000 }), 1000);
  assert.equal(allowedStartup({ user: 9_000_000, system: 1_000_000 }), 4000);
});
