/** SQL text cut into its statements, as SQLite itself would find their ends. */

/**
 * @typedef {object} Statement
 * @property {string} sql   with named parameters numbered, since D1 binds by position
 * @property {number} parameters   how many values it takes
 */

const TOKEN =
  /(?<blank>--[^\n]*|\/\*[^]*?(?:\*\/|$)|\s+)|(?<quoted>'(?:[^']+|'')*'?|"(?:[^"]+|"")*"?|`(?:[^`]+|``)*`?|\[[^\]]*\]?)|(?<parameter>\?\d*|[:@$][\w$\u0080-\uffff]+)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|\d[\w.]*|[^]/gy;

/** @param {string} text @returns {Statement[]} without those that are empty or only comments */
export function split(text) {
  /** @type {Statement[]} */
  const statements = [];
  let current = new Open();
  for (const { 0: token, groups } of text.matchAll(TOKEN)) {
    const { blank, parameter, word } = /** @type {Record<string, string | undefined>} */ (groups);
    if (token === ';' && current.endsHere()) {
      current.close(statements);
      current = new Open();
    } else if (parameter !== undefined) current.parameter(parameter);
    else current.add(token, blank !== undefined, word?.toUpperCase());
  }
  current.close(statements);
  return statements;
}

/** A statement whose end is not found yet. */
class Open {
  #sql = '';
  /** @type {string[]} */ #words = [];
  #last = ['', ''];
  #highest = 0;
  /** @type {Map<string, number>} */ #named = new Map();

  /** @param {string} token @param {boolean} blank @param {string} [word] */
  add(token, blank, word) {
    this.#sql += token;
    if (blank) return;
    if (this.#words.length < 3) this.#words.push(word ?? token);
    this.#last = [this.#last[1], word ?? token];
  }

  /** SQLite's own rule (sqlite.org/lang_expr.html#varparam): `?` is one more than the highest so far. @param {string} token */
  parameter(token) {
    let number = Number(token.slice(1));
    if (token === '?') number = this.#highest + 1;
    else if (token[0] !== '?') {
      number = this.#named.get(token) ?? this.#highest + 1;
      this.#named.set(token, number);
    }
    this.#highest = Math.max(this.#highest, number);
    this.add(token === '?' || token[0] === '?' ? token : `?${number}`, false);
  }

  /** In a trigger `;` ends the statements of its body; its own end is the one after `; END` (sqlite3_complete). */
  endsHere() {
    const trigger = this.#words[0] === 'CREATE' && (this.#words[1] === 'TRIGGER' || (/^TEMP(ORARY)?$/.test(this.#words[1] ?? '') && this.#words[2] === 'TRIGGER'));
    if (!trigger || (this.#last[0] === ';' && this.#last[1] === 'END')) return true;
    return false;
  }

  /** @param {Statement[]} statements */
  close(statements) {
    if (this.#words.length) statements.push({ sql: this.#sql.trim(), parameters: this.#highest });
  }
}
