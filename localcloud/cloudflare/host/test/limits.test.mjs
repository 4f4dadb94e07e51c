import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ENTRY, TestHost, until } from './harness.mjs';

describe('an isolate', () => {
  /** @type {TestHost} */ let host;
  before(async () => {
    host = await TestHost.start(['--max-isolates', '1']);
    await host.upload('demo', { 'entry.py': ENTRY });
    await host.control('PUT', '/addresses', { subdomain: { demo: true }, routes: [] });
  });
  after(() => host.stop());

  it('is not charged for its own start', async () => {
    await host.upload('small', { 'entry.py': ENTRY }, { limits: { cpu_ms: 100 } });
    await host.control('PUT', '/addresses', { subdomain: { demo: true, small: true }, routes: [] });
    assert.equal((await host.get('/_workers/small/nap')).text, 'rested');
  });

  for (const [path, reason] of [['spin', 'CPU time limit'], ['hog', 'memory limit']]) {
    it(`that exceeds its ${reason} ends with 1102, and the next request gets a new one`, async () => {
      const waiting = host.get('/_workers/demo/wait');
      const answer = await host.get(`/_workers/demo/${path}`);
      assert.equal(answer.status, 503);
      assert.match(answer.text, /error code: 1102/);
      assert.match((await waiting).text, /error code: 1102/, 'what else was in flight ends as well');
      assert.equal((await host.get('/_workers/demo/')).text, 'one');
      await until(() => host.log().includes(reason), 'the reason is in the log');
    });
  }
});
