import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { ENTRY, TestHost, until } from './harness.mjs';

describe('a deployed script', () => {
  /** @type {TestHost} */ let host;
  /** @type {any} */ let uploaded;

  before(async () => {
    host = await TestHost.start(['--max-isolates', '1']);
    uploaded = await host.upload('demo', { 'entry.py': ENTRY, 'helper.py': 'NAME = "helper"\n' });
    await host.control('PUT', '/addresses', { subdomain: { demo: true }, routes: [{ pattern: 'example.com/*', script: 'demo' }] });
  });
  after(() => host.stop());

  it('says what it handles and what its start took', () => {
    assert.equal(uploaded.status, 200);
    assert.ok(uploaded.body.handlers.includes('fetch'));
    assert.ok(uploaded.body.startup_time_ms > 0);
  });

  it('answers below its path, by its host name and by a route', async () => {
    const answer = await host.get('/_workers/demo/');
    assert.deepEqual([answer.status, answer.text, answer.headers['x-greeting']], [200, 'one', 'hello']);
    assert.match(String(answer.headers['cf-ray']), /^[0-9a-f]{16}-LOC$/);
    assert.equal((await host.get('/', { headers: { host: `demo.localhost:${host.port}` } })).text, 'one');
    assert.equal((await host.get('/', { headers: { host: 'example.com' } })).text, 'one');
  });

  it('sees the request as Cloudflare hands it over', async () => {
    const answer = await host.get('/_workers/demo/seen?a=%20b&a=c', { headers: { 'cf-connecting-ip': '6.6.6.6', 'x-own': 'yes' } });
    const seen = JSON.parse(answer.text);
    assert.equal(seen.url, `http://127.0.0.1:${host.port}/seen?a=%20b&a=c`);
    assert.equal(seen.method, 'GET');
    assert.equal(seen.headers['x-own'], 'yes');
    assert.equal(seen.headers['cf-connecting-ip'], '127.0.0.1');
    assert.equal(seen.headers['cf-ray'], answer.headers['cf-ray']);
    assert.equal(seen.headers['x-forwarded-proto'], 'http');
    assert.equal(seen.headers.host, `127.0.0.1:${host.port}`);
  });

  it('has its bindings', async () => {
    assert.deepEqual(JSON.parse((await host.get('/_workers/demo/env-')).text), { greeting: 'hello', limit: 3, id: 'version-1' });
  });

  it('starts from the memory after its top level, and makes an entry point a request', async () => {
    const [first, second] = [JSON.parse((await host.get('/_workers/demo/state')).text), JSON.parse((await host.get('/_workers/demo/state')).text)];
    assert.ok(first.same && first.fresh && second.fresh);
    assert.equal(second.requests, first.requests + 1);
  });

  it('gets the prefix back in a location on its own origin only', async () => {
    /** @param {string} to */
    const location = async (to) => (await host.get(`/_workers/demo/redirect?to=${encodeURIComponent(to)}`)).headers.location;
    assert.equal(await location('/next'), '/_workers/demo/next');
    assert.equal(await location(`http://127.0.0.1:${host.port}/next`), `http://127.0.0.1:${host.port}/_workers/demo/next`);
    assert.equal(await location('https://example.org/next'), 'https://example.org/next');
  });

  it('imports late, and reaches none of the host', async () => {
    assert.equal((await host.get('/_workers/demo/late')).text, 'helper OSError');
    assert.deepEqual(JSON.parse((await host.get('/_workers/demo/reach')).text), []);
  });

  it('answers 1101 to an exception, and logs the traceback', async () => {
    const answer = await host.get('/_workers/demo/boom');
    assert.equal(answer.status, 500);
    assert.match(answer.text, /error code: 1101/);
    assert.doesNotMatch(answer.text, /boom/);
    await until(() => /demo error .*Traceback[\s\S]*ValueError: boom/.test(host.log()), 'the traceback is in the log');
    assert.match((await host.get('/_workers/demo/nothing')).text, /error code: 1101/);
  });

  it('answers 1101 to what HTTP cannot carry, and goes on', async () => {
    for (const path of ['split?value=%01', 'split?value=%7f', 'error']) {
      assert.match((await host.get(`/_workers/demo/${path}`)).text, /error code: 1101/, path);
    }
    const answer = await host.get('/_workers/demo/split?length=3');
    assert.equal(answer.text, '0123456789');
    assert.notEqual(answer.headers['content-length'], '3');
    assert.equal((await host.get('/_workers/demo/')).text, 'one');
  });

  it('takes a GET with a body', async () => {
    assert.equal((await host.get('/_workers/demo/', { body: 'abc', headers: { 'content-length': '3' } })).text, 'one');
  });

  it('logs what is printed', async () => {
    await host.get('/_workers/demo/print');
    await until(() => /demo log printed\n/.test(host.log()) && /demo warn warned\n/.test(host.log()), 'both lines are in the log');
  });

  it('serves requests at the same time in one isolate', async () => {
    const answers = await Promise.all([host.get('/_workers/demo/meet'), host.get('/_workers/demo/meet')]);
    assert.deepEqual(answers.map(({ text }) => text), ['met', 'met']);
  });

  it('runs what is ready while another callback is suspended', async () => {
    assert.equal((await host.get('/_workers/demo/suspended')).text, 'woken');
    assert.equal((await host.get('/_workers/demo/suspended')).text, 'woken');
  });

  it('goes on after the answer', async () => {
    assert.equal((await host.get('/_workers/demo/later')).text, 'answered');
    await until(async () => JSON.parse((await host.get('/_workers/demo/state')).text).background === 2, 'both tasks are done');
  });

  it('passes a stream on as it comes', async () => {
    const chunks = await new Promise((resolve, reject) => {
      /** @type {string[]} */ const seen = [];
      request({ host: '127.0.0.1', port: host.port, path: '/_workers/demo/stream' }, (incoming) => {
        incoming.on('data', (chunk) => {
          seen.push(String(chunk));
          if (seen.length === 1) void host.get('/_workers/demo/open');
        });
        incoming.on('end', () => resolve(seen));
      }).on('error', reject).end();
    });
    assert.deepEqual(chunks, ['first', 'second']);
  });

  it('takes bodies of any size up to the limit', async () => {
    for (const size of [0, 10, 3_000_000]) {
      const answer = await host.get('/_workers/demo/length', { method: 'POST', body: Buffer.alloc(size) });
      assert.equal(answer.text, String(size));
    }
    const chunked = await new Promise((resolve) => {
      const outgoing = request({ host: '127.0.0.1', port: host.port, path: '/_workers/demo/length', method: 'POST' }, async (incoming) =>
        resolve(Buffer.concat(await incoming.toArray()).toString()));
      outgoing.write('abc');
      outgoing.end('def');
    });
    assert.equal(chunked, '6');
    const headers = { 'content-length': String(100 * 2 ** 20 + 1) };
    assert.equal((await host.get('/_workers/demo/length', { method: 'POST', headers })).status, 413);
    assert.equal((await host.get(`/_workers/demo/?${'x'.repeat(17_000)}`)).status, 414);
  });

  it('hands bodies on byte by byte, and answers without a type of their own', async () => {
    const headers = { 'content-type': 'text/plain' };
    assert.equal((await host.get('/_workers/demo/length', { method: 'POST', headers, body: Buffer.from([0xff, 0xfe]) })).text, '2');
    const { status, headers: received } = await host.get('/_workers/demo/empty');
    assert.deepEqual([status, received['content-type']], [204, undefined]);
  });

  it('takes 128 KB of headers and no more', async () => {
    /** @param {number} size */
    const sent = (size) => host.get('/_workers/demo/', { headers: { 'x-long': 'x'.repeat(size) } }).then(({ status }) => status);
    assert.deepEqual([await sent(130_000), await sent(131_072), await sent(140_000)], [200, 431, 431]);
  });

  it('has no threads', async () => {
    assert.equal((await host.get('/_workers/demo/thread')).text, "can't start new thread");
  });

  it('sees clocks stand still while it computes, and move when it has waited', async () => {
    const [before, computed, waited] = JSON.parse((await host.get('/_workers/demo/clock')).text);
    assert.deepEqual(computed, before);
    for (const [place, value] of waited.entries()) assert.ok(value > before[place], `clock ${place}`);
    assert.ok(Math.abs(waited[3] - Date.now()) < 5000);
  });

  it('says what it is', async () => {
    const { body } = await host.control('GET', '/status');
    assert.equal(body.healthy, true);
    assert.equal(body.scripts.demo.isolates, 1);
    assert.equal(body.scripts.demo.version, 'version-1');
  });
});
