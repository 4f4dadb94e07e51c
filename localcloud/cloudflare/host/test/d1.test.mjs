import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { D1Database } from '../d1.mjs';
import { D1Store } from '../storage/d1.mjs';
import { D1File } from '../storage/d1_file.mjs';
import { split } from '../storage/sql.mjs';

it('finds the ends of statements as SQLite does', () => {
  /** @param {string} text */
  const statements = (text) => split(text).map(({ sql }) => sql);
  assert.deepEqual(statements("select ';'; select \";\" -- ;\n; /* ; */ ; select [;], `;`;"), ["select ';'", 'select ";" -- ;', 'select [;], `;`']);
  const trigger = 'create temp trigger t after insert on a begin update b set c = case when 1 then 2 end; delete from d; end';
  assert.deepEqual(statements(`${trigger}; select 1`), [trigger, 'select 1']);
  assert.deepEqual(statements("select 'it''s; open"), ["select 'it''s; open"]);
  assert.deepEqual(statements(' -- nothing\n/* at all */;;'), []);
});

it('counts parameters as SQLite does, and numbers named ones', () => {
  /** @param {string} text */
  const one = (text) => split(text)[0];
  assert.equal(one('select ?, ?').parameters, 2);
  assert.equal(one('select ?2, ?, ?1').parameters, 3);
  assert.equal(one("select '?', \"?\", x'00' -- ?").parameters, 0);
  assert.deepEqual(one('select :a, @b, :a, $c'), { sql: 'select ?1, ?2, ?1, ?3', parameters: 3 });
});

describe('a database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'd1-'));
  const store = new D1Store(folder);
  const id = randomUUID();
  const database = new D1Database({ query: async (queries) => store.query(id, { queries }) });
  /** @param {string} sql @param {unknown[]} values */
  const all = async (sql, ...values) => (await database.prepare(sql).bind(...values).all()).results;

  before(async () => {
    store.create(id);
    await database.exec('create table items (key text primary key, value text, size real, data blob)\ncreate index by_size on items (size)');
    await database.exec('create table parts (item text references items (key))');
  });
  after(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  it('takes and gives values as D1 does', async () => {
    const values = ['a', true, 1.5, new Uint8Array([1, 255])];
    const { meta, results, success } = await database.prepare('insert into items values (?, ?, ?, ?)').bind(...values).run();
    assert.deepEqual([success, results, meta.changes, meta.changed_db, meta.last_row_id], [true, [], 1, true, 1]);
    assert.equal(meta.rows_written, 3, 'the row, the key and the index');
    assert.ok(Number(meta.size_after) > 0 && Number(meta.duration) >= 0);
    assert.deepEqual(await all('select * from items where key = ?', 'a'), [{ key: 'a', value: '1.0', size: 1.5, data: [1, 255] }]);
    assert.deepEqual(await all('select ? as a, ? as b, ? as c, ? as d', null, NaN, [7], new Uint8Array([8]).buffer), [{ a: null, b: null, c: [7], d: [8] }]);
    assert.deepEqual(await all('select 9007199254740993 as big'), [{ big: 9007199254740992 }]);
    await assert.rejects(async () => database.prepare('select ?').bind(undefined), { message: "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'" });
    await assert.rejects(async () => database.prepare('select ?').bind(1n), /^Error: D1_TYPE_ERROR: Type 'bigint'/);
  });

  it('answers first, raw and run', async () => {
    const statement = database.prepare('select key, size from items where key = ?').bind('a');
    assert.deepEqual(await statement.first(), { key: 'a', size: 1.5 });
    assert.equal(await statement.first('size'), 1.5);
    await assert.rejects(statement.first('none'), { message: 'D1_COLUMN_NOTFOUND: Column not found (none)' });
    assert.equal(await statement.bind('none').first(), null);
    assert.deepEqual(await statement.raw(), [['a', 1.5]]);
    assert.deepEqual(await statement.raw({ columnNames: true }), [['key', 'size'], ['a', 1.5]]);
    assert.deepEqual((await statement.run()).results, [{ key: 'a', size: 1.5 }]);
    assert.deepEqual((await database.prepare("insert into items values ('r', 1, 1, 1) returning key").run()).results, [{ key: 'r' }]);
  });

  it('does a batch whole or not at all', async () => {
    const insert = database.prepare('insert into items (key) values (?)');
    const [first, second] = await database.batch([insert.bind('x'), database.prepare("select key from items where key = 'x'")]);
    assert.deepEqual([first.meta.changes, second.results], [1, [{ key: 'x' }]]);
    await assert.rejects(database.batch([insert.bind('y'), insert.bind('x')]), {
      message: 'D1_ERROR: UNIQUE constraint failed: items.key: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_PRIMARYKEY)',
    });
    assert.deepEqual(await all("select key from items where key = 'y'"), []);
    await assert.rejects(database.prepare("insert into items (key) values ('z'); insert into items (key) values ('x')").run(), /UNIQUE/);
    assert.deepEqual(await all("select key from items where key = 'z'"), []);
    await assert.rejects(database.batch([]), { message: 'D1_ERROR: No SQL statements detected.' });
  });

  it('gives a session bookmarks that grow', async () => {
    const session = database.withSession('first-primary');
    assert.equal(session.getBookmark(), null);
    await session.prepare('select 1').run();
    const bookmark = session.getBookmark() ?? '';
    assert.match(bookmark, /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/);
    await session.batch([session.prepare('select 1')]);
    assert.ok((session.getBookmark() ?? '') > bookmark);
  });

  const errors = /** @type {[string, RegExp | string][]} */ ([
    ['selec 1', 'near "selec": syntax error at offset 0: SQLITE_ERROR'],
    ['select * from none', 'no such table: none: SQLITE_ERROR'],
    ['select nope from items', 'no such column: nope at offset 7: SQLITE_ERROR'],
    ["insert into parts values ('none')", 'FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)'],
    ["pragma foreign_keys = off; insert into parts values ('none')", /FOREIGN KEY/],
    ['select ?', 'Wrong number of parameter bindings for SQL query.'],
    ['begin', /^To execute a transaction, please use/],
    ['commit', /^To execute a transaction, please use/],
    ['savepoint a', /^To execute a transaction, please use/],
    ["attach '/tmp/other' as other", /not authorized: SQLITE_AUTH|too many attached/],
    ["vacuum into '/tmp/other'", /SQLITE_AUTH/],
    ['create temp table t (a)', 'not authorized: SQLITE_AUTH'],
    ['create table _cf_t (a)', 'not authorized: SQLITE_AUTH'],
    ['pragma journal_mode = delete', 'not authorized: SQLITE_AUTH'],
    ['select sqlite_version()', 'not authorized to use function: sqlite_version: SQLITE_ERROR'],
    ["select load_extension('x')", /not authorized|no such function/],
    [`select '${'x'.repeat(100_000)}'`, /TOOBIG/],
    [`select ${Array(101).fill('?').join()}`, /^too many SQL variables.*SQLITE_ERROR$/],
    [`select key from items where key like '${'%'.repeat(51)}'`, 'LIKE or GLOB pattern too complex: SQLITE_ERROR'],
    ['select zeroblob(2000001)', /TOOBIG/],
    [' -- nothing', 'No SQL statements detected.'],
  ]);
  for (const [sql, expected] of errors) {
    it(`refuses ${sql.slice(0, 60)}`, async () => {
      /** @type {Error} */
      const error = await database.prepare(sql).run().then(() => assert.fail('it was taken'), (/** @type {Error} */ refused) => refused);
      if (typeof expected === 'string') assert.equal(error.message, `D1_ERROR: ${expected}`);
      else assert.match(error.message.replace('D1_ERROR: ', ''), expected);
      assert.equal(`D1_ERROR: ${/** @type {Error} */ (error.cause).message}`, error.message);
      assert.deepEqual(await all('select 1 as one'), [{ one: 1 }], 'the next query is answered');
    });
  }

  it('holds 2 MB in a row, all columns together', async () => {
    const half = 'x'.repeat(990_000);
    await database.prepare('insert into items (key, value, data) values (?, ?, ?)').bind('full', half, half).run();
    const over = database.prepare('insert into items (key, value, data) values (?, ?, ?)').bind('over', half, half + half.slice(0, 30_000));
    await assert.rejects(over.run(), /TOOBIG/);
    await database.prepare("delete from items where key = 'full'").run();
  });

  it('lets what D1 lets', async () => {
    for (const sql of ['pragma table_info(items)', 'pragma foreign_keys', 'pragma foreign_keys = on', 'pragma defer_foreign_keys = on', 'pragma optimize', 'explain select 1', 'analyze', "select json_extract('{\"a\":1}', '$.a')", 'create view v as select * from items', 'drop view v', 'create virtual table f using fts5(t)', "insert into f values ('words')", 'drop table f', 'alter table parts add column more', 'with recursive c(x) as (select 1 union all select x+1 from c limit 3) select * from c', 'create trigger tr after insert on parts begin select 1; end']) {
      await database.prepare(sql).run();
    }
    const refused = await database.exec('pragma defer_foreign_keys = on\nselect nix').catch((/** @type {Error} */ error) => error.message);
    assert.equal(refused, 'D1_EXEC_ERROR: Error in line 1: pragma defer_foreign_keys = on: no such column: nix at offset 7: SQLITE_ERROR');
  });

  it('sees a changed table', async () => {
    const statement = database.prepare('select * from parts');
    await statement.all();
    await database.exec("insert into items (key) values ('p')\ninsert into parts (item) values ('p')\nalter table parts add column third default 3");
    assert.deepEqual(await statement.all().then(({ results }) => results), [{ item: 'p', more: null, third: 3 }]);
  });

  it('is missing when it was never made, or was deleted', async () => {
    const other = randomUUID();
    assert.throws(() => store.query(other, { queries: [] }), { kind: 'missing', message: `The database ${other} could not be found` });
    store.create(other);
    store.delete(other);
    assert.throws(() => store.query(other, { queries: [] }), { kind: 'missing' });
    assert.throws(() => store.create('../../x'), { kind: 'missing' });
  });
});

it('says when it is as large as it may be, and takes more once something is gone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'd1-'));
  const file = new D1File(join(folder, 'small.sqlite'), 400_000);
  /** @param {string} sql */
  const run = (sql) => file.query([{ sql, params: [] }], false);
  try {
    run('create table blobs (id integer primary key, data blob)');
    run('insert into blobs (data) values (zeroblob(300000))');
    assert.throws(() => run('insert into blobs (data) values (zeroblob(200000))'), { message: 'Exceeded maximum DB size' });
    run('delete from blobs');
    run('insert into blobs (data) values (zeroblob(200000))');
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
});
