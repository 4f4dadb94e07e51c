import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { ENTRY, TestHost } from './harness.mjs';

describe('an upload', () => {
  /** @type {TestHost} */ let host;
  before(async () => {
    host = await TestHost.start(['--max-isolates', '1']);
    await host.control('PUT', '/addresses', { subdomain: { demo: true, other: true }, routes: [] });
    await host.upload('demo', { 'entry.py': ENTRY });
  });
  after(() => host.stop());

  /** @param {string} source @param {Record<string, unknown>} [settings] @param {readonly string[]} [vendored] */
  async function refused(source, settings, vendored) {
    const { status, body } = await host.upload('demo', { 'entry.py': source }, settings, vendored);
    assert.equal(status, 400);
    assert.equal((await host.get('/_workers/demo/')).status, 200, 'the old version goes on');
    return body;
  }

  it('replaces the old version without a failed request', async () => {
    let over = false;
    /** @type {Set<string>} */ const seen = new Set();
    const load = (async () => {
      while (!over) {
        const { status, text } = await host.get('/_workers/demo/');
        assert.equal(status, 200);
        seen.add(text);
      }
    })();
    await host.upload('demo', { 'entry.py': ENTRY.replace('VERSION = "one"', 'VERSION = "two"') });
    assert.equal((await host.get('/_workers/demo/')).text, 'two');
    over = true;
    await load;
    assert.ok(seen.has('one'));
  });

  it('whose top level raises is refused with the traceback', async () => {
    const { code, message } = await refused('import nowhere\n');
    assert.equal(code, 10021);
    assert.match(message, /^Uncaught PythonError: Traceback[\s\S]*entry\.py", line 1[\s\S]*ModuleNotFoundError: No module named 'nowhere'$/);
  });

  it('whose top level takes too long is refused', async () => {
    const { code, message } = await refused('while True: pass\n');
    assert.deepEqual([code, message], [10021, 'Script startup exceeded CPU time limit.']);
  });

  it('whose top level draws randomness is refused', async () => {
    assert.match((await refused(`import uuid\nuuid.uuid4()\n${ENTRY}`)).message, /Cannot get entropy outside of request context/);
    assert.match((await refused(`import random\nrandom.random()\n${ENTRY}`)).message, /random seed in bad state/);
  });

  it('without an entry point is refused', async () => {
    assert.equal((await refused('x = 1\n')).code, 10068);
  });

  it('for a runtime that is not here is refused', async () => {
    assert.match((await refused(ENTRY, { compatibility_flags: [] })).message, /"python_workers"/);
    assert.match((await refused(ENTRY, { compatibility_date: '2025-09-01' })).message, /0\.26\.0a2/);
    assert.match((await refused(ENTRY, { compatibility_date: '2026-04-20' }, [])).message, /vendor the package workers-runtime-sdk/);
    assert.match((await refused(ENTRY, { main_module: 'entry.js' })).message, /not Python/);
    assert.match((await refused(ENTRY, { bindings: [{ type: 'queue', name: 'JOBS' }] })).message, /"queue".*plain_text, secret_text, json/);
  });

  it('runs on the newer Python when its flag says so', async () => {
    const source = `import sys\n${ENTRY.replace('VERSION = "one"', 'VERSION = sys.version.split()[0]')}`;
    const { status } = await host.upload('other', { 'entry.py': source }, { compatibility_flags: ['python_workers', 'python_workers_20260610'] });
    assert.equal(status, 200);
    assert.match((await host.get('/_workers/other/')).text, /^3\.14\./);
  });

  it('gets the patches that the SDK has for packages', async () => {
    const sources = {
      'entry.py': `from anyio import to_thread\n${ENTRY.replace('Response(VERSION,', 'Response(await to_thread.run_sync(lambda: "inline"),')}`,
      'python_modules/anyio/__init__.py': '',
      'python_modules/anyio/to_thread.py': 'async def run_sync(work):\n    raise RuntimeError("can\'t start new thread")\n',
    };
    assert.equal((await host.upload('other', sources)).status, 200);
    assert.equal((await host.get('/_workers/other/')).text, 'inline');
  });

  it('is gone when it is deleted', async () => {
    await host.upload('other', { 'entry.py': ENTRY });
    assert.equal((await host.get('/_workers/other/')).status, 200);
    await host.control('DELETE', '/scripts/other');
    assert.equal((await host.get('/_workers/other/')).status, 404);
  });

  it('gives each isolate randomness of its own', async () => {
    await host.upload('other', { 'entry.py': ENTRY });
    const first = (await host.get('/_workers/other/random')).text;
    await host.upload('other', { 'entry.py': ENTRY });
    assert.notEqual((await host.get('/_workers/other/random')).text, first);
  });
});
