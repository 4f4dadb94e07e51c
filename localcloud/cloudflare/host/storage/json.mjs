/** JSON with bytes in it, as the v4 API and the host exchange it: `{"$bytes": BASE64}`. */

/** @param {unknown} value */
export function toJson(value) {
  return JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? { $bytes: Buffer.from(part).toString('base64') } : part));
}

/** @param {string} text @returns {any} */
export function fromJson(text) {
  return JSON.parse(text, (_, part) => (typeof part?.$bytes === 'string' ? new Uint8Array(Buffer.from(part.$bytes, 'base64')) : part));
}
