/** What the v4 API hands on when an upload is refused: Cloudflare's code and its words. */
export class UploadError extends Error {
  /**
   * @param {string} message
   * @param {number} [code]  Cloudflare's code; 10021 is "the script did not pass validation"
   */
  constructor(message, code = 10021) {
    super(message);
    this.name = 'UploadError';
    this.code = code;
  }
}

/** Why a request got no answer from a Worker; `code` is the number on Cloudflare's error page. */
export class WorkerError extends Error {
  /**
   * @param {1101 | 1102 | 1105} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'WorkerError';
    this.code = code;
  }
}

/** A binding was asked while a script's top level ran, where Cloudflare allows no I/O either (workerd's words). */
export class OutsideRequestError extends Error {
  constructor() {
    super(
      'Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, and '
        + 'generating random values are not allowed within global scope. To fix this error, perform this operation within a handler.',
    );
    this.name = 'OutsideRequestError';
  }
}
