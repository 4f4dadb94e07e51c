import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';

import { TestHost, until } from './harness.mjs';

const ENTRY = readFileSync(join(import.meta.dirname, 'app', 'ai.py'), 'utf8');
const MODEL = '@cf/meta/llama-3.3-70b-instruct-fp8-fast';
const RESULT = { response: 'Blue.', tool_calls: [], usage: { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4 } };

describe('the binding of the type ai', () => {
  /** @type {TestHost} */ let host;
  /** @type {import('node:http').Server} */ let api;
  /** @type {{ url: string | undefined, model: string | undefined, body: any }[]} */ let asked = [];
  let closed = 0;
  /** @type {(outgoing: import('node:http').ServerResponse, body: any) => void} */ let answer;

  before(async () => {
    host = await TestHost.start(['--max-isolates', '1']);
    api = createServer(async (incoming, outgoing) => {
      const body = JSON.parse(Buffer.concat(await incoming.toArray()).toString());
      asked.push({ url: incoming.url, model: String(incoming.headers['cf-consn-model-id']), body });
      outgoing.on('close', () => (closed += 1));
      outgoing.setHeader('cf-ai-req-id', `request-${asked.length}`);
      answer(outgoing, body);
    });
    await new Promise((resolve) => api.listen(host.path('api.sock'), () => resolve(undefined)));
    const bindings = [{ type: 'ai', name: 'AI' }];
    const { status, body } = await host.upload('demo', { 'entry.py': ENTRY }, { bindings });
    assert.equal(status, 200, body.message);
    await host.control('PUT', '/addresses', { subdomain: { demo: true }, routes: [] });
  });
  beforeEach(() => {
    asked = [];
    closed = 0;
    answer = (outgoing) => json(outgoing, 200, RESULT);
  });
  after(async () => {
    await host.stop();
    api.close();
    api.closeAllConnections();
  });

  /** @param {import('node:http').ServerResponse} outgoing @param {number} status @param {unknown} value */
  function json(outgoing, status, value) {
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(value));
  }

  /** @param {import('node:http').ServerResponse} outgoing */
  function events(outgoing) {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.write('data: {"response":"Bl"}\n\n');
  }

  const get = async (/** @type {string} */ path) => (await host.get(`/_workers/demo/${path}`)).text;

  it('hands the inputs over and gets a dict with attributes back', async () => {
    const told = JSON.parse(await get('run'));
    assert.deepEqual(told, { type: 'JsDict', text: 'Blue.', usage: RESULT.usage, id: 'request-1' });
    assert.deepEqual(asked, [
      { url: '/ai/run', model: MODEL, body: { inputs: { prompt: 'Hello', max_tokens: 20, seed: null }, options: {} } },
    ]);
  });

  it('takes any name to the API', async () => {
    await get(`run?model=${encodeURIComponent('@cf/mëta/ä\r\nx: y')}`);
    assert.equal(decodeURIComponent(String(asked[0].model)), '@cf/mëta/ä\r\nx: y');
  });

  it('throws errors as workerd does', async () => {
    answer = (outgoing) => json(outgoing, 400, { internalCode: 5007, name: 'AiError', description: 'No such model x or task', message: '' });
    for (const path of ['error', 'error?stream=1']) {
      assert.deepEqual(JSON.parse(await get(path)), { type: 'JsException', name: 'AiError', message: '5007: No such model x or task' });
    }
    answer = (outgoing) => outgoing.writeHead(502).end('no JSON');
    assert.equal(JSON.parse(await get('error')).message, 'no JSON');
    answer = (outgoing) => outgoing.destroy();
    assert.equal(JSON.parse(await get('error')).message, 'Network connection lost.');
  });

  it('passes a stream on as it comes', async () => {
    /** @type {() => void} */ let go = () => {};
    answer = (outgoing) => {
      events(outgoing);
      go = () => outgoing.end('data: [DONE]\n\n');
    };
    const pieces = await new Promise((resolve, reject) => {
      /** @type {string[]} */ const seen = [];
      request({ host: '127.0.0.1', port: host.port, path: '/_workers/demo/stream' }, (incoming) => {
        incoming.on('data', (chunk) => {
          seen.push(String(chunk));
          if (seen.length === 1) go();
        });
        incoming.on('end', () => resolve(seen));
      }).on('error', reject).end();
    });
    assert.deepEqual(pieces, ['data: {"response":"Bl"}\n\n', 'data: [DONE]\n\n']);
  });

  it('can be read piece by piece, and let go', async () => {
    answer = (outgoing) => {
      events(outgoing);
      setTimeout(() => outgoing.end('data: [DONE]\n\n'), 50);
    };
    assert.deepEqual(JSON.parse(await get('read')), ['data: {"response":"Bl"}\n\n', 'data: [DONE]\n\n']);
    answer = events;
    closed = 0;
    assert.deepEqual(JSON.parse(await get('read?stop=1')), ['data: {"response":"Bl"}\n\n']);
    await until(() => closed === 1, 'the API is told that nobody reads on');
  });

  it('breaks off where the API does', async () => {
    answer = (outgoing) => {
      events(outgoing);
      setTimeout(() => outgoing.destroy(), 50);
    };
    const pieces = JSON.parse(await get('read'));
    assert.match(pieces.at(-1), /broke off: .*Network connection lost\./);
    const own = await new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port: host.port, path: '/_workers/demo/stream' }, (incoming) => {
        incoming.on('error', () => resolve('broken off')).on('end', () => resolve('whole')).resume();
      });
      outgoing.on('error', reject).end();
    });
    assert.equal(own, 'broken off', 'and what the Worker passes on');
    answer = (outgoing) => json(outgoing, 200, RESULT);
    assert.equal(JSON.parse(await get('run')).text, 'Blue.');
  });

  it('knows the options, and says which it does not serve', async () => {
    assert.equal(await get('raw'), `200 ${JSON.stringify(RESULT)}`);
    await get('options?name=gateway');
    assert.deepEqual(asked.at(-1)?.body.options, { gateway: { id: 'mine' } });
    assert.match(await get('options?name=websocket'), /^AiInternalError: .*not served/);
  });

  it('asks for many things at once over few connections', async () => {
    answer = (outgoing, body) => setTimeout(() => json(outgoing, 200, { ...RESULT, response: body.inputs.prompt }), 20);
    assert.deepEqual(JSON.parse(await get('many?number=40')), [...Array(40).keys()].map(String));
  });

  it('is refused at the top level', async () => {
    const source = `from pyodide.ffi import run_sync\nfrom workers import env\nrun_sync(env.AI.run("m", {}))\n${ENTRY}`;
    const { status, body } = await host.upload('demo', { 'entry.py': source }, { bindings: [{ type: 'ai', name: 'AI' }] });
    assert.equal(status, 400);
    assert.match(body.message, /Disallowed operation called within global scope/);
  });
});
