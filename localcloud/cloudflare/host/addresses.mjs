/**
 * Which script answers a request: by path below `/_workers/`, by Host, or by a zone's route.
 *
 * Routes as developers.cloudflare.com/workers/configuration/routing/routes describes them: `*` stands for any
 * characters, at the start of the host and at the end of the path; a pattern without a scheme matches both; the most
 * specific pattern wins; a route without a script means that no Worker runs.
 */

/**
 * @typedef {{ pattern: string, script: string | null }} Route
 * @typedef {{ subdomain: Record<string, boolean>, routes: Route[] }} Table
 * @typedef {{ script: string, prefix: string } | 'unknown-host' | 'unknown-script'} Destination
 */

const PREFIX = '/_workers/';

export class Addresses {
  /** @type {Record<string, boolean>} */ #subdomain = {};
  /** @type {{ matches: (host: string, path: string) => boolean, script: string | null }[]} */ #routes = [];

  /** @type {PromiseWithResolvers<void>} */ #told = Promise.withResolvers();

  /** The port that the front door has; 0 until it listens. */
  port = 0;

  /** Whether there is a table: a host that has just started is told its scripts first. */
  known = false;

  /** Settles when there is a table. */
  get told() {
    return this.#told.promise;
  }

  /** @param {Table} table */
  replace({ subdomain, routes }) {
    this.#subdomain = { ...subdomain };
    this.#routes = [...routes].sort(bySpecificity).map(({ pattern, script }) => ({ matches: matcher(pattern), script }));
    this.known = true;
    this.#told.resolve();
  }

  /** @param {string} host  as in the request @param {string} url  path and query @returns {Destination} */
  find(host, url) {
    const name = hostname(host);
    if (this.isLoopback(host)) {
      if (!url.startsWith(PREFIX)) return 'unknown-script';
      const rest = url.slice(PREFIX.length);
      const script = rest.slice(0, endOfName(rest));
      return this.#subdomain[script] ? { script, prefix: PREFIX + script } : 'unknown-script';
    }
    if (name.endsWith('.localhost')) {
      const script = name.split('.')[0];
      return this.#subdomain[script] ? { script, prefix: '' } : 'unknown-script';
    }
    const path = url.split('?', 1)[0];
    const route = this.#routes.find(({ matches }) => matches(name, path));
    if (route === undefined) return 'unknown-host';
    return route.script === null ? 'unknown-script' : { script: route.script, prefix: '' };
  }

  /** Loopback by an address or by `localhost`, on the port that is served. @param {string} host */
  isLoopback(host) {
    const [, name, port] = /^(127\.0\.0\.1|localhost|\[::1\])(?::(\d+))?$/i.exec(host) ?? [];
    return name !== undefined && (port === undefined || Number(port) === this.port);
  }
}

/** @param {string} host */
function hostname(host) {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/** @param {string} rest */
function endOfName(rest) {
  const end = rest.search(/[/?#]/);
  return end < 0 ? rest.length : end;
}

/** @param {string} pattern @returns {(host: string, path: string) => boolean} */
export function matcher(pattern) {
  const bare = pattern.replace(/^(\*|https?):\/\//, '');
  const slash = bare.indexOf('/');
  const host = expression(slash < 0 ? bare : bare.slice(0, slash), 'i');
  const path = expression(slash < 0 ? '/' : bare.slice(slash), '');
  return (name, target) => host.test(name) && path.test(target);
}

/** @param {string} glob @param {string} flags */
function expression(glob, flags) {
  const parts = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, flags);
}

/** A host without `*` before one with, then the longer pattern. @param {Route} a @param {Route} b */
function bySpecificity(a, b) {
  const wild = (/** @type {Route} */ route) => Number(route.pattern.split('/')[0].includes('*'));
  return wild(a) - wild(b) || b.pattern.length - a.pattern.length;
}
