/** When Python's event loop gets its turns of JavaScript's. */

/**
 * For a single request a turn is a microtask: what a message or a promise made ready runs at once. Requests that are
 * here at the same time share the turn after a round of Node's own loop: each step then runs for all of them, with
 * caches that are warm, and their answers wake the main thread once. What a turn leaves over waits for a round as
 * well, so that a loop in Python does not keep messages and timers out.
 */
export class Turns {
  shared = false;

  /** @type {() => Promise<void>} */ #turn = async () => {};
  #due = false;
  #over = false;

  /** What Python imports. */
  module = {
    /** @param {any} turn  runs what is ready, and calls `over` at its end */
    attach: (turn) => {
      this.#turn = turn.callPromising.bind(turn);
    },
    soon: () => (this.shared ? this.#later() : this.#soon()),
    /** @param {boolean} more  whether anything is left over */
    over: (more) => {
      this.#over = true;
      if (more) this.#later();
    },
  };

  #soon() {
    if (this.#due) return;
    this.#due = true;
    void Promise.resolve().then(() => this.#run());
  }

  #later() {
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => this.#run());
  }

  #run() {
    this.#due = false;
    this.#over = false;
    void this.#turn();
    // A callback suspended the turn (`run_sync`): another one runs the rest.
    if (!this.#over) this.#later();
  }
}
