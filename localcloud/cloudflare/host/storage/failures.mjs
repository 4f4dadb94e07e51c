/** What goes wrong in the storage, in the words of the clouds' own engines. */

/** `kind` says whose mistake it is: the statement's, a database's or namespace's that is not there, a value's. */
export class StorageFailure extends Error {
  /** @param {'sql' | 'missing' | 'invalid' | 'unavailable'} kind @param {string} message @param {number} [status]  HTTP status, for KV */
  constructor(kind, message, status = 400) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

/** sqlite.org/rescode.html */
const CODES = [
  'OK', 'ERROR', 'INTERNAL', 'PERM', 'ABORT', 'BUSY', 'LOCKED', 'NOMEM', 'READONLY', 'INTERRUPT', 'IOERR', 'CORRUPT', 'NOTFOUND',
  'FULL', 'CANTOPEN', 'PROTOCOL', 'EMPTY', 'SCHEMA', 'TOOBIG', 'CONSTRAINT', 'MISMATCH', 'MISUSE', 'NOLFS', 'AUTH', 'FORMAT', 'RANGE',
  'NOTADB',
];
const CONSTRAINTS = ['', 'CHECK', 'COMMITHOOK', 'FOREIGNKEY', 'FUNCTION', 'NOTNULL', 'PRIMARYKEY', 'TRIGGER', 'UNIQUE', 'VTAB', 'ROWID', 'PINNED', 'DATATYPE'];

/** Those of SQLite's messages that tell where in the text the trouble is. */
const PLACED = [/^near "(.+)": syntax error$/, /^no such column: (.+)$/, /^no such function: (.+)$/, /^unrecognized token: "(.+)"$/];

/**
 * SQLite's message with the name of its code, as workerd writes it (src/workerd/util/sqlite.c++, dbErrorMessage).
 * A departure: the offset stands there only where the text in question occurs once, as `node:sqlite` does not tell it.
 * @param {unknown} error @param {string} sql @returns {unknown}
 */
export function sqlFailure(error, sql) {
  const { errcode, message } = /** @type {{ errcode?: number, message: string }} */ (error);
  if (errcode === undefined) return error;
  const name = `SQLITE_${CODES[errcode & 0xff] ?? 'ERROR'}`;
  const constraint = (errcode & 0xff) === 19 ? CONSTRAINTS[errcode >> 8] : '';
  const extended = constraint ? ` (extended: ${name}_${constraint})` : '';
  return new StorageFailure('sql', `${message}${offset(message, sql)}: ${name}${extended}`);
}

/** @param {string} message @param {string} sql */
function offset(message, sql) {
  for (const pattern of PLACED) {
    const text = pattern.exec(message)?.[1];
    if (text === undefined) continue;
    const at = sql.indexOf(text);
    return at >= 0 && sql.indexOf(text, at + 1) < 0 ? ` at offset ${Buffer.byteLength(sql.slice(0, at))}` : '';
  }
  return '';
}
