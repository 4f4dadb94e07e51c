/** The numbers by which Pyodide knows the objects that Python holds. */

/**
 * Takes the place of Pyodide's `Map`. That one grows and is copied a few times a request; each copy left behind in the
 * old generation keeps what a request had until the next full collection, which then came every second under load.
 */
export class Identities {
  /** @type {WeakMap<WeakKey, number>} */ #objects = new WeakMap();
  /** @type {Map<unknown, number>} */ #values = new Map();

  /** @param {unknown} value */
  get(value) {
    return this.#of(value).get(value);
  }

  /** @param {unknown} value @param {number} number */
  set(value, number) {
    this.#of(value).set(value, number);
  }

  /** @param {unknown} value */
  delete(value) {
    this.#of(value).delete(value);
  }

  /** @param {unknown} value @returns {Map<unknown, number>} */
  #of(value) {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    return isObject ? /** @type {Map<any, number>} */ (/** @type {unknown} */ (this.#objects)) : this.#values;
  }
}
