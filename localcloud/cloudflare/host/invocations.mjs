/** What became of requests to Workers, until the v4 API fetches it for its analytics. */

/**
 * @typedef {object} Invocation
 * @property {Status} status
 * @property {number} cpu   microseconds
 * @property {number} wall  microseconds from the isolate's getting it to the end of its answer
 * @property {number} bytes  of the answer's body
 * @property {number} subrequests
 *
 * @typedef {'success' | 'clientDisconnected' | 'scriptThrewException' | 'exceededResources' | 'internalError'} Status
 *   developers.cloudflare.com/workers/observability/metrics-and-analytics (invocation statuses)
 *
 * @typedef {object} Second  all that one version of a script did in one second with one status
 * @property {number} second  since 1970
 * @property {string} script
 * @property {string} version
 * @property {Status} status
 * @property {number[]} cpu
 * @property {number[]} wall
 * @property {number[]} bytes
 * @property {number} background  CPU time after answers
 * @property {number} subrequests
 */

export class Invocations {
  /** @type {Map<string, Second>} */ #seconds = new Map();

  /** @param {string} script @param {string} version @param {Invocation} invocation */
  add(script, version, { status, cpu, wall, bytes, subrequests }) {
    const second = this.#second(script, version, status);
    second.cpu.push(cpu);
    second.wall.push(wall);
    second.bytes.push(bytes);
    second.subrequests += subrequests;
  }

  /** @param {string} script @param {string} version @param {number} cpu  microseconds of what no request waited for */
  addBackground(script, version, cpu) {
    this.#second(script, version, 'success').background += cpu;
  }

  /** All since the last call. @returns {Second[]} */
  take() {
    const seconds = [...this.#seconds.values()];
    this.#seconds.clear();
    return seconds;
  }

  /** @param {string} script @param {string} version @param {Status} status @returns {Second} */
  #second(script, version, status) {
    const second = Math.floor(Date.now() / 1000);
    const key = `${second} ${script} ${version} ${status}`;
    let found = this.#seconds.get(key);
    if (found === undefined) {
      found = { second, script, version, status, cpu: [], wall: [], bytes: [], background: 0, subrequests: 0 };
      this.#seconds.set(key, found);
    }
    return found;
  }
}
