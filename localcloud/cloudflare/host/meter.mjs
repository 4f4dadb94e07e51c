/** How much of its thread's CPU time each request used. */

/** What goes on after the answers (`waitUntil`), whosever it was. */
export const BACKGROUND = -1;

/**
 * A thread's time is known exactly, a request's only while it is alone. Requests that are in the isolate together share
 * what is used meanwhile in equal parts: each figure is then an estimate, and their sum is right.
 */
export class Meter {
  /** @type {Map<number, number>} */ #open = new Map();
  #at = 0;

  /** @param {number} id */
  begin(id) {
    this.#charge();
    this.#open.set(id, 0);
  }

  /** @param {number} id @returns {number} microseconds; 0 for what has not begun */
  end(id) {
    this.#charge();
    const used = this.#open.get(id) ?? 0;
    this.#open.delete(id);
    return Math.round(used);
  }

  #charge() {
    const { user, system } = process.threadCpuUsage();
    const share = (user + system - this.#at) / this.#open.size;
    this.#at = user + system;
    for (const [id, used] of this.#open) this.#open.set(id, used + share);
  }
}
