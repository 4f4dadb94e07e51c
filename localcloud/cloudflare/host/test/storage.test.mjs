import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { KvNamespace } from '../kv.mjs';
import { readSnapshot, writeSnapshot } from '../snapshots.mjs';
import { frame, FrameReader } from '../storage/frames.mjs';
import { fromJson, toJson } from '../storage/json.mjs';
import { KvStore } from '../storage/kv.mjs';
import { Storage } from '../storage/process.mjs';

it('reads frames however they are cut', () => {
  const values = [{ a: new Uint8Array([1, 2]) }, 'x'.repeat(1000), null, [undefined, -0]];
  const bytes = Buffer.concat(values.map(frame));
  for (const size of [1, 3, 7, 1024, bytes.length]) {
    /** @type {unknown[]} */
    const read = [];
    const reader = new FrameReader((value) => read.push(value));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    assert.deepEqual(read, values);
  }
});

it('carries bytes in JSON', () => {
  const value = { value: new Uint8Array([0, 255]), text: '$bytes' };
  assert.deepEqual(fromJson(toJson(value)), value);
});

it('keeps a snapshot readable with its key only, and noticed when it was touched', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  const path = join(folder, 'memory');
  const memory = new Uint8Array(Buffer.from('secret '.repeat(100)));
  const key = new Uint8Array(32).fill(7);
  try {
    writeSnapshot(path, memory, key);
    assert.ok(!readFileSync(path).includes('secret'));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(new Uint8Array(readSnapshot(path, key)), memory);
    assert.throws(() => readSnapshot(path, new Uint8Array(32)));
    writeSnapshot(path, memory);
    assert.deepEqual(new Uint8Array(readSnapshot(path)), memory);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('the storage process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'storage-'));
  const id = randomUUID();
  const storage = new Storage(join(folder, 'data'), join(folder, 'storage.sock'), 1500);
  /** @param {string[]} sqls @returns {Promise<{ outcomes: import('../storage/d1.mjs').Outcome[] }>} */
  const query = (...sqls) => storage.call('d1', id, 'query', { queries: sqls.map((sql) => ({ sql })) });
  before(async () => {
    await storage.call('d1', id, 'create', undefined);
    await query('create table t (a)', 'insert into t values (1)');
  });
  after(async () => {
    await storage.stop();
    rmSync(folder, { recursive: true });
  });

  it('is started anew when a query takes too long, with what was committed', async () => {
    const endless = 'with recursive c(x) as (select 1 union all select x + 1 from c) select sum(x) from c';
    await assert.rejects(query('insert into t values (2)', endless), { kind: 'unavailable' });
    assert.deepEqual((await query('select a from t')).outcomes[0].rows, [[1]]);
  });

  it('has files that the user alone can read', () => {
    assert.equal(statSync(join(folder, 'data')).mode & 0o777, 0o700);
  });

  it('tells what is missing', async () => {
    await assert.rejects(storage.call('d1', randomUUID(), 'query', { queries: [] }), { kind: 'missing' });
    await assert.rejects(storage.call('kv', randomUUID(), 'get', { keys: [] }), { kind: 'missing', status: 404 });
  });
});

describe('a namespace', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kv-'));
  const store = new KvStore(folder);
  const id = randomUUID().replaceAll('-', '');
  store.create(id);
  const kv = new KvNamespace(async (operation, argument) => store[operation](id, /** @type {any} */ (argument)));
  after(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  it('keeps values of each kind, and gives them as each', async () => {
    await kv.put('text', 'é');
    await kv.put('bytes', new Uint8Array([1, 255]).subarray(1));
    await kv.put('stream', new Blob(['flow']).stream());
    await kv.put('json', '{"a":1}', { metadata: { b: [2] } });
    assert.equal(await kv.get('text'), 'é');
    assert.deepEqual(new Uint8Array(/** @type {ArrayBuffer} */ (await kv.get('bytes', 'arrayBuffer'))), new Uint8Array([255]));
    assert.equal(await new Response(/** @type {ReadableStream} */ (await kv.get('stream', { type: 'stream' }))).text(), 'flow');
    assert.deepEqual(await kv.getWithMetadata('json', 'json'), { value: { a: 1 }, metadata: { b: [2] }, cacheStatus: null });
    assert.deepEqual(await kv.getWithMetadata('none'), { value: null, metadata: null, cacheStatus: null });
    assert.deepEqual(await kv.get(['text', 'none']), new Map([['text', 'é'], ['none', null]]));
    await kv.delete('text');
    await kv.delete('text');
    assert.equal(await kv.get('text'), null);
    await assert.rejects(kv.put('object', {}), TypeError);
    await assert.rejects(kv.get('bytes', 'json'), SyntaxError);
  });

  it('lists by bytes, by prefix, page by page', async () => {
    const names = ['a', 'a%', 'a/1', 'a/2', 'aé', 'b', 'Z', '\u{1F600}', '\uFFFD'];
    for (const name of names) await kv.put(`list:${name}`, '');
    const sorted = names.map((name) => `list:${name}`).sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    /** @type {string[]} */
    const listed = [];
    for (let cursor = null, complete = false; !complete; ) {
      const page = /** @type {any} */ (await kv.list({ prefix: 'list:', limit: 2, cursor }));
      listed.push(...page.keys.map((/** @type {{ name: string }} */ { name }) => name));
      cursor = page.cursor;
      complete = page.list_complete;
    }
    assert.deepEqual(listed, sorted);
    assert.deepEqual((await kv.list({ prefix: 'list:a/' })).keys, [{ name: 'list:a/1' }, { name: 'list:a/2' }]);
    assert.equal((await kv.list()).list_complete, true);
    await assert.rejects(kv.list({ limit: 1001 }), { message: 'KV GET failed: 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000.' });
  });

  it('forgets what has expired', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
    await kv.put('ttl', '1', { expirationTtl: 60 });
    await kv.put('at', '1', { expiration: 1_800_000_100, metadata: 1 });
    assert.deepEqual((await kv.list({ prefix: 'at' })).keys, [{ name: 'at', expiration: 1_800_000_100, metadata: 1 }]);
    context.mock.timers.setTime(1_800_000_060_000);
    assert.deepEqual([await kv.get('ttl'), await kv.get('at')], [null, '1']);
    context.mock.timers.setTime(1_800_000_100_000);
    assert.deepEqual((await kv.list({ prefix: 'at' })).keys, []);
  });

  const refused = /** @type {[string, import('../kv.mjs').PutOptions, string, RegExp][]} */ ([
    ['', {}, '', /Key name cannot be empty/],
    ['..', {}, '', /"\.\." is not allowed/],
    ['é'.repeat(257), {}, '', /KV PUT failed: 414 UTF-8 encoded length of 514 exceeds key length limit of 512\./],
    ['k', { expirationTtl: 59 }, '', /KV PUT failed: 400 Invalid expiration_ttl of 59\. Expiration TTL must be at least 60\./],
    ['k', { expirationTtl: 0 }, '', /greater than 0/],
    ['k', { expiration: 1 }, '', /greater than the current number of seconds/],
    ['k', { metadata: 'x'.repeat(1023) }, '', /KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024\./],
    ['k', {}, 'x'.repeat(25 * 2 ** 20 + 1), /KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400\./],
  ]);
  for (const [key, options, value, words] of refused) {
    it(`refuses ${words.source.slice(0, 60)}`, () => assert.rejects(kv.put(key, value, options), { message: words }));
  }
});
