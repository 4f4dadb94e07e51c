/**
 * Time as a Worker sees it: it stands still while code computes, and moves on when something arrives from outside.
 *
 * developers.cloudflare.com/workers/runtime-apis/performance: timers advance after input and output only, against attacks
 * that measure time. Here that is a message from the host (a request, a chunk of its body, the AI), an answer of the
 * storage, of `fetch`, and a timer that runs out. Departures: the body of an answer to `fetch` moves nothing on, and
 * `performance.now()` counts from the isolate's start, not from 1970.
 */

export class Clock {
  #wall = Date.now;
  #elapsed = performance.now.bind(performance);
  #now = 0;
  #since = 0;

  constructor() {
    this.tick();
  }

  /** Something has arrived. */
  tick() {
    this.#now = this.#wall.call(Date);
    this.#since = this.#elapsed();
  }

  /** Becomes this thread's clock: for JavaScript, and for Python, whose clocks read `Date.now` and `performance.now`. */
  install() {
    const now = () => this.#now;
    Date.now = now;
    performance.now = () => this.#since;
    globalThis.Date = /** @type {any} */ (
      class Date_ extends Date {
        /** @param {any[]} values */
        constructor(...values) {
          // @ts-expect-error the constructor's forms are no list
          super(...(values.length === 0 ? [now()] : values));
        }
      }
    );
    Object.defineProperty(globalThis.Date, 'name', { value: 'Date' });
    const scope = /** @type {Record<string, any>} */ (/** @type {unknown} */ (globalThis));
    for (const name of ['setTimeout', 'setInterval']) {
      const start = scope[name];
      scope[name] = (/** @type {(...values: unknown[]) => void} */ callback, /** @type {unknown[]} */ ...rest) =>
        start((/** @type {unknown[]} */ ...values) => {
          this.tick();
          callback(...values);
        }, ...rest);
    }
    const { fetch } = globalThis;
    scope.fetch = (/** @type {Parameters<typeof fetch>} */ ...values) => fetch(...values).finally(() => this.tick());
  }
}
