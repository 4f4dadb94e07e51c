/** Messages on a stream: four bytes of length, then a value as V8 serialises it. */

import { deserialize, serialize } from 'node:v8';

/** @param {unknown} value @returns {Buffer} */
export function frame(value) {
  const content = serialize(value);
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32LE(content.length);
  return Buffer.concat([head, content]);
}

export class FrameReader {
  /** @type {Buffer[]} */ #chunks = [];
  #length = 0;
  #onValue;

  /** @param {(value: any) => void} onValue */
  constructor(onValue) {
    this.#onValue = onValue;
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= 4) {
      if (this.#chunks[0].length < 4) this.#join();
      const wanted = 4 + this.#chunks[0].readUInt32LE();
      if (this.#length < wanted) return;
      this.#join();
      const [whole] = this.#chunks;
      this.#chunks = whole.length > wanted ? [whole.subarray(wanted)] : [];
      this.#length -= wanted;
      this.#onValue(deserialize(whole.subarray(4, wanted)));
    }
  }

  #join() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}
