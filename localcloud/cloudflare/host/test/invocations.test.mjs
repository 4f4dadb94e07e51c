import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';

import { ENTRY, TestHost, until } from './harness.mjs';

/** @typedef {import('../invocations.mjs').Second} Second */

describe('what became of requests', () => {
  /** @type {TestHost} */ let host;
  before(async () => {
    host = await TestHost.start(['--max-isolates', '1']);
    await host.upload('demo', { 'entry.py': ENTRY });
    await host.control('PUT', '/addresses', { subdomain: { demo: true }, routes: [] });
  });
  beforeEach(async () => {
    await host.get('/_workers/demo/');
    await taken();
  });
  after(() => host.stop());

  /** @returns {Promise<Second[]>} */
  const taken = async () => (await host.control('POST', '/invocations')).body.seconds;
  const sum = (/** @type {number[]} */ values) => values.reduce((all, one) => all + one, 0);

  it('is told once, with the CPU time that each used', async () => {
    await host.get('/_workers/demo/compute');
    await host.get('/_workers/demo/nap');
    const seconds = await taken();
    const cpu = seconds.flatMap((second) => second.cpu);
    const wall = seconds.flatMap((second) => second.wall);
    assert.deepEqual(new Set(seconds.map(({ script, version, status }) => `${script} ${version} ${status}`)), new Set(['demo version-1 success']));
    assert.equal(cpu.length, 2);
    assert.ok(cpu[0] > 20_000 && cpu[0] <= wall[0] + 5_000, `computing costs CPU time: ${cpu[0]} of ${wall[0]} µs`);
    assert.ok(cpu[1] < cpu[0] / 2 && wall[1] > 390_000, `waiting costs none: ${cpu[1]} of ${wall[1]} µs`);
    assert.deepEqual(seconds.flatMap((second) => second.bytes), ['computed'.length, 'rested'.length]);
    assert.deepEqual(await taken(), []);
  });

  it('shares the time of requests that are there together, and no more than there was', async () => {
    await Promise.all(Array.from({ length: 5 }, () => host.get('/_workers/demo/compute')));
    const seconds = await taken();
    const all = sum(seconds.flatMap((second) => second.cpu));
    const longest = Math.max(...seconds.flatMap((second) => second.wall));
    assert.equal(seconds.flatMap((second) => second.cpu).length, 5);
    assert.ok(all > 100_000 && all <= longest + 5_000, `${all} of ${longest} µs on one thread`);
  });

  it('has the CPU time after answers', async () => {
    await host.get('/_workers/demo/compute?later=1');
    let seconds = await taken();
    const answered = sum(seconds.flatMap((second) => second.cpu));
    await until(async () => {
      seconds = seconds.concat(await taken());
      return sum(seconds.map((second) => second.background)) > 20_000 + answered;
    }, 'the background work is counted');
    assert.equal(seconds.flatMap((second) => second.cpu).length, 1, 'and is no request');
  });

  for (const [path, status] of [['boom', 'scriptThrewException'], ['spin', 'exceededResources']]) {
    it(`says ${status} of /${path}`, async () => {
      await host.get(`/_workers/demo/${path}`);
      const [second] = await taken();
      assert.equal(second.status, status);
      assert.ok(path === 'boom' || second.cpu[0] >= 500_000, `as much as the limit: ${second.cpu[0]} µs`);
    });
  }

  it('says it of a client that went away, once the Worker is done', async () => {
    const outgoing = request({ host: '127.0.0.1', port: host.port, path: '/_workers/demo/nap', agent: false }).on('error', () => {});
    outgoing.end();
    setTimeout(() => outgoing.destroy(), 100);
    /** @type {Second[]} */ let seconds = [];
    await until(async () => (seconds = await taken()).length > 0, 'it is told');
    assert.deepEqual(seconds.map(({ status }) => status), ['clientDisconnected']);
  });

  it('counts an answer in chunks whole', async () => {
    const waiting = host.get('/_workers/demo/stream');
    await host.get('/_workers/demo/open');
    assert.equal((await waiting).text, 'firstsecond');
    await until(async () => (await taken()).some(({ bytes }) => bytes.includes('firstsecond'.length)), 'it is told');
  });
});
