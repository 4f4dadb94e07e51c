/**
 * Which runtime a compatibility date and flags select, as workerd's table says
 * (cloudflare/workerd, src/workerd/io/compatibility-date.capnp).
 */

import { UploadError } from './errors.mjs';

/**
 * @typedef {object} PythonFlag
 * @property {string} enable   the flag that turns it on
 * @property {string} disable  the flag that turns it off, "" when there is none
 * @property {string} since    the compatibility date from which it is on, "" when it never is by date
 */

/** @type {readonly PythonFlag[]} */
const PYTHON_FLAGS = [
  { enable: 'python_workers_force_new_vendor_path', disable: '', since: '2025-08-11' },
  { enable: 'python_no_global_handlers', disable: 'disable_python_no_global_handlers', since: '2025-08-14' },
  { enable: 'python_workflows', disable: 'disable_python_workflows', since: '2025-09-20' },
  { enable: 'python_workers_20250116', disable: 'no_python_workers_20250116', since: '2025-09-29' },
  { enable: 'python_dedicated_snapshot', disable: 'disable_python_dedicated_snapshot', since: '2025-10-16' },
  { enable: 'python_check_rng_state', disable: 'disable_python_check_rng_state', since: '2025-12-16' },
  { enable: 'python_request_headers_preserve_commas', disable: 'disable_python_request_headers_preserve_commas', since: '2026-02-17' },
  { enable: 'python_workflows_implicit_dependencies', disable: 'no_python_workflows_implicit_dependencies', since: '2026-02-25' },
  { enable: 'enable_python_external_sdk', disable: 'disable_python_external_sdk', since: '2026-04-21' },
  { enable: 'python_process_pth_files', disable: 'disable_python_process_pth_files', since: '2026-05-26' },
  { enable: 'python_workers_20260610', disable: 'no_python_workers_20260610', since: '' },
];

/**
 * @typedef {object} Runtime
 * @property {string} pyodide   the npm package (or its alias) that holds the Pyodide release
 * @property {string} release   the release, for people
 * @property {Record<string, boolean>} flags  what the SDK reads as `_cloudflare_compat_flags`
 */

/**
 * @param {string} date   `YYYY-MM-DD`
 * @param {readonly string[]} enabled  the Worker's compatibility flags
 * @returns {Runtime}
 * @throws {UploadError} when the Worker asks for a runtime that is not here
 */
export function selectRuntime(date, enabled) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    throw new UploadError(`Invalid compatibility date: ${JSON.stringify(date)}; it is written YYYY-MM-DD.`);
  }
  if (!enabled.includes('python_workers')) {
    throw new UploadError('A Worker with Python modules needs the compatibility flag "python_workers".');
  }
  /** @type {Record<string, boolean>} */
  const flags = { python_workers: true };
  for (const flag of PYTHON_FLAGS) {
    const byDate = flag.since !== '' && date >= flag.since;
    flags[flag.enable] = enabled.includes(flag.enable) || (byDate && !enabled.includes(flag.disable));
  }
  if (!flags.python_no_global_handlers) {
    throw new UploadError(
      'Global handlers (on_fetch) are not run here: export a class `Default` and use a compatibility date of 2025-08-14 or later.',
    );
  }
  if (flags.python_workers_20260610) return { pyodide: 'pyodide-314', release: '314.0.4', flags };
  if (flags.python_workers_20250116) return { pyodide: 'pyodide-0.28', release: '0.28.2', flags };
  throw new UploadError(
    `The compatibility date ${date} selects Pyodide 0.26.0a2, which is not installed here: use 2025-09-29 or later.`,
  );
}
