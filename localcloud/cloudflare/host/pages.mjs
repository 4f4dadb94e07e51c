/** What Cloudflare answers when no Worker does: its codes and status, in plain text. */

/**
 * Codes and meanings: developers.cloudflare.com/workers/observability/errors. The status of 1101 and 1102 is 500 and
 * 503; a workers.dev name without a Worker answers 404.
 * @type {Record<number, { status: number, text: string }>}
 */
const PAGES = {
  1101: { status: 500, text: 'Worker threw exception' },
  1102: { status: 503, text: 'Worker exceeded resource limits' },
};

/** @typedef {{ status: number, headers: string[], body: string }} Page */

/** @param {number} code @param {string} ray @returns {Page} */
export function errorPage(code, ray) {
  const { status, text } = PAGES[code] ?? PAGES[1101];
  return plain(status, `error code: ${code}\n${text}\nRay ID: ${ray}\n`);
}

/** @param {number} status @param {string} body @returns {Page} */
export function plain(status, body) {
  return {
    status,
    headers: ['content-type', 'text/plain; charset=UTF-8', 'cache-control', 'private, no-store', 'server', 'cloudflare'],
    body,
  };
}

export const NO_SUCH_WORKER = 'There is nothing here yet: no Worker is deployed at this address.\n';
export const FOREIGN_HOST =
  'This host name is not served here: no route matches it, and only loopback names reach the local cloud.\n';
