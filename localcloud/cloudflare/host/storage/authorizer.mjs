/**
 * What a statement may do on D1: developers.cloudflare.com/d1/sql-api/sql-statements, and where that is silent workerd
 * (src/workerd/util/sqlite.c++, SqliteDatabase::isAuthorized), in which D1's databases live.
 */

import { constants } from 'node:sqlite';

import { StorageFailure } from './failures.mjs';

const NUMBER = /^-?\d+$/;
const BOOLEAN = /^(['"]?)(true|false|yes|no|on|off|1|0)\1$/i;

/** By name, whether the argument is fit; null stands for none. @type {Record<string, (argument: string | null) => boolean>} */
const PRAGMAS = {
  table_list: () => true,
  table_info: (argument) => argument !== null && isFree(argument),
  table_xinfo: (argument) => argument !== null && isFree(argument),
  data_version: (argument) => argument === null,
  page_size: (argument) => argument === null,
  foreign_key_check: (argument) => argument === null || isFree(argument),
  foreign_key_list: (argument) => argument !== null && isFree(argument),
  index_info: (argument) => argument !== null && isFree(argument),
  index_list: (argument) => argument !== null && isFree(argument),
  index_xinfo: (argument) => argument !== null && isFree(argument),
  quick_check: (argument) => argument === null || NUMBER.test(argument) || isFree(argument),
  optimize: (argument) => argument === null || NUMBER.test(argument),
};
for (const name of ['case_sensitive_like', 'foreign_keys', 'defer_foreign_keys', 'ignore_check_constraints', 'legacy_alter_table', 'recursive_triggers', 'reverse_unordered_selects']) {
  PRAGMAS[name] = (argument) => argument === null || BOOLEAN.test(argument);
}

const MODULES = new Set(['fts5', 'fts5vocab', 'rtree', 'rtree_i32']);
/** They tell about SQLite's build, or reach out of the database. */
const NO_FUNCTIONS = new Set([
  'sqlite_compileoption_get', 'sqlite_compileoption_used', 'sqlite_offset', 'sqlite_source_id', 'sqlite_version', 'fts3_tokenizer',
  'sqlite_log', 'readfile', 'writefile', 'edit',
]);
const NAMED = new Set([
  constants.SQLITE_CREATE_TABLE, constants.SQLITE_DELETE, constants.SQLITE_DROP_TABLE, constants.SQLITE_INSERT, constants.SQLITE_CREATE_VIEW,
  constants.SQLITE_DROP_VIEW, constants.SQLITE_REINDEX, constants.SQLITE_READ, constants.SQLITE_UPDATE, constants.SQLITE_CREATE_INDEX,
  constants.SQLITE_DROP_INDEX, constants.SQLITE_CREATE_TRIGGER, constants.SQLITE_DROP_TRIGGER,
]);

const NO_TRANSACTIONS =
  'To execute a transaction, please use the state.storage.transaction() or state.storage.transactionSync() APIs instead of the SQL '
  + 'BEGIN TRANSACTION or SAVEPOINT statements. The JavaScript API is safer because it will automatically roll back on exceptions, and '
  + "because it interacts correctly with Durable Objects' automatic atomic write coalescing.";

/** Names that begin so are Cloudflare's own. @param {string} name */
function isFree(name) {
  return !/^_cf_/i.test(name);
}

/**
 * @param {number} action @param {string | null} first @param {string | null} second
 * @returns {number} SQLITE_OK, SQLITE_IGNORE or SQLITE_DENY
 * @throws {StorageFailure} for a transaction, with the words that D1 has for it
 */
export function authorize(action, first, second) {
  switch (action) {
    case constants.SQLITE_SELECT:
    case constants.SQLITE_RECURSIVE:
    case constants.SQLITE_ANALYZE:
      return constants.SQLITE_OK;
    case constants.SQLITE_TRANSACTION:
    case constants.SQLITE_SAVEPOINT:
      throw new StorageFailure('sql', NO_TRANSACTIONS);
    case constants.SQLITE_PRAGMA: {
      const name = String(first).toLowerCase();
      if (!Object.hasOwn(PRAGMAS, name) || !PRAGMAS[name](second)) return constants.SQLITE_DENY;
      // Every query of D1's runs in a transaction, where this one has no effect (sqlite.org/pragma.html#pragma_foreign_keys).
      return name === 'foreign_keys' && second !== null ? constants.SQLITE_IGNORE : constants.SQLITE_OK;
    }
    case constants.SQLITE_FUNCTION:
      return NO_FUNCTIONS.has(String(second).toLowerCase()) ? constants.SQLITE_DENY : constants.SQLITE_OK;
    case constants.SQLITE_ALTER_TABLE:
      return isFree(String(second)) ? constants.SQLITE_OK : constants.SQLITE_DENY;
    case constants.SQLITE_CREATE_VTABLE:
    case constants.SQLITE_DROP_VTABLE:
      return MODULES.has(String(second).toLowerCase()) && isFree(String(first)) ? constants.SQLITE_OK : constants.SQLITE_DENY;
    default:
      if (!NAMED.has(action)) return constants.SQLITE_DENY;
      return isFree(first ?? '') && (second === null || isFree(second)) ? constants.SQLITE_OK : constants.SQLITE_DENY;
  }
}
