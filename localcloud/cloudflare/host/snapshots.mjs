/**
 * A script's memory after its top level, as a file. With a key it is encrypted (AES-256-GCM): the memory may then hold
 * secrets, and what lies on the disk must not.
 */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** @param {string} path @param {Uint8Array} memory @param {Uint8Array} [key] */
export function writeSnapshot(path, memory, key) {
  if (key === undefined) return writeFileSync(path, memory, { mode: 0o600 });
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const content = cipher.update(memory);
  cipher.final();
  writeFileSync(path, nonce, { mode: 0o600 });
  writeFileSync(path, cipher.getAuthTag(), { flag: 'a' });
  writeFileSync(path, content, { flag: 'a' });
}

/** @param {string} path @param {Uint8Array} [key] @returns {Uint8Array} */
export function readSnapshot(path, key) {
  const file = readFileSync(path);
  if (key === undefined) return file;
  const decipher = createDecipheriv(CIPHER, key, file.subarray(0, NONCE));
  decipher.setAuthTag(file.subarray(NONCE, NONCE + TAG));
  const memory = decipher.update(file.subarray(NONCE + TAG));
  decipher.final();
  return memory;
}
