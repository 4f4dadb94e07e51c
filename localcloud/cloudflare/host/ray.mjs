import { randomBytes } from 'node:crypto';

/** Where Cloudflare names an airport, this one says that it is local. */
const COLO = 'LOC';

/** A new id of a request, as in Cloudflare's `cf-ray`: 16 hexadecimal digits and the place. */
export function newRay() {
  return `${randomBytes(8).toString('hex')}-${COLO}`;
}
