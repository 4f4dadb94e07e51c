/** What Pyodide finds out about each object of JavaScript's that crosses to Python. */

/** @typedef {(object: unknown, json: number) => number} ComputeTypeFlags */

const ARRAY_ITERATOR = Object.getPrototypeOf([][Symbol.iterator]());

/** Their instances differ by their own properties. */
const UNLIKE = [Object, Function, Proxy, Error, DOMException];

/**
 * Two dozen look-ups an object, and a request takes sixty objects across: instances of the platform's own classes are
 * looked at once a class.
 * @param {ComputeTypeFlags} compute  Pyodide's; -1 for an error
 * @param {Record<string, unknown>} globals
 * @returns {ComputeTypeFlags}
 */
export function rememberTypeFlags(compute, globals) {
  /** @type {Map<unknown, number>} */
  const known = new Map([[ARRAY_ITERATOR, -1]]);
  for (const value of Object.values(globals)) {
    if (typeof value !== 'function' || !value.prototype || UNLIKE.includes(/** @type {any} */ (value)) || Error.isPrototypeOf(value)) continue;
    known.set(value.prototype, -1);
  }
  return (object, json) => {
    if (json || typeof object !== 'object' || object === null) return compute(object, json);
    const prototype = Object.getPrototypeOf(object);
    const flags = known.get(prototype);
    if (flags !== undefined && flags >= 0) return flags;
    const found = compute(object, json);
    if (flags !== undefined) known.set(prototype, found);
    return found;
  };
}
