import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** `LOGS/workers.log`: one line an entry, `TIME SCRIPT LEVEL message`; further lines of a message are indented. */
export class WorkerLog {
  #stream;

  /** @param {string} folder */
  constructor(folder) {
    mkdirSync(folder, { recursive: true });
    this.#stream = createWriteStream(join(folder, 'workers.log'), { flags: 'a' });
  }

  /** @param {string} script @param {string} level @param {string} text */
  write(script, level, text) {
    this.#stream.write(`${new Date().toISOString()} ${script} ${level} ${text.replaceAll('\n', '\n    ')}\n`);
  }

  close() {
    return new Promise((resolve) => this.#stream.end(resolve));
  }
}
