import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { TestHost } from './harness.mjs';

describe('the front door', () => {
  /** @type {TestHost} */ let host;
  before(async () => {
    host = await TestHost.start();
    await host.control('PUT', '/addresses', { subdomain: { demo: true }, routes: [] });
  });
  after(() => host.stop());

  it('refuses a foreign host name, on the API as well', async () => {
    for (const path of ['/', '/_workers/demo/', '/client/v4/accounts']) {
      assert.equal((await host.get(path, { headers: { host: 'attacker.example' } })).status, 403);
      assert.equal((await host.get(path, { headers: { host: `127.0.0.1.attacker.example:${host.port}` } })).status, 403);
    }
  });

  it('says 404 where no Worker is', async () => {
    for (const path of ['/', '/_workers/demo/', '/_workers/none/']) assert.equal((await host.get(path)).status, 404);
  });

  it('hands the v4 API on, unchanged, bodies included', async () => {
    const body = Buffer.alloc(2_000_000, 'x');
    const away = await host.get('/client/v4/user', { method: 'PUT', body });
    assert.equal(away.status, 502);
    assert.equal(JSON.parse(away.text).success, false);

    const api = createServer(async (incoming, outgoing) => {
      const received = Buffer.concat(await incoming.toArray());
      outgoing.writeHead(201, { 'x-method': String(incoming.method), 'x-url': String(incoming.url), 'x-auth': String(incoming.headers.authorization) });
      outgoing.end(String(received.length));
    });
    await new Promise((resolve) => api.listen(host.path('api.sock'), () => resolve(undefined)));
    const answer = await host.get('/client/v4/user?a=%2F', { method: 'PUT', body, headers: { authorization: 'Bearer t' } });
    assert.deepEqual([answer.status, answer.text], [201, '2000000']);
    assert.deepEqual([answer.headers['x-method'], answer.headers['x-url'], answer.headers['x-auth']], ['PUT', '/client/v4/user?a=%2F', 'Bearer t']);
    api.close();
    api.closeAllConnections();
  });

  it('has no such operation on its private socket', async () => {
    assert.equal((await host.control('GET', '/scripts/demo')).status, 404);
  });
});

it('holds requests until it is told where its scripts answer', async () => {
  const host = await TestHost.start();
  let answered = false;
  const waiting = host.get('/_workers/demo/').finally(() => (answered = true));
  await setTimeout(200);
  assert.equal(answered, false);
  await host.control('PUT', '/addresses', { subdomain: {}, routes: [] });
  assert.equal((await waiting).status, 404);
  await host.stop();
});

it('ends with its standard input', async () => {
  const host = await TestHost.start();
  assert.equal(await host.stop(), 0);
});

it('says that its port is in use', async () => {
  const host = await TestHost.start();
  await assert.rejects(TestHost.start(['--port', String(host.port)]), /^Error: failed \{"code":"PortInUse"/);
  await host.stop();
});
