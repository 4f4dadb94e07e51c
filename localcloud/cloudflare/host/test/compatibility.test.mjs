import assert from 'node:assert/strict';
import { it } from 'node:test';

import { selectRuntime } from '../compatibility.mjs';

it('selects the Pyodide release by date and flags', () => {
  /** @param {string} date @param {string[]} flags */
  const release = (date, ...flags) => selectRuntime(date, ['python_workers', ...flags]).release;
  assert.equal(release('2025-09-29'), '0.28.2');
  assert.equal(release('2025-09-01', 'python_workers_20250116'), '0.28.2');
  assert.equal(release('2026-09-01', 'python_workers_20260610'), '314.0.4');
  assert.throws(() => release('2025-09-28'), /0\.26\.0a2/);
  assert.throws(() => release('2026-09-01', 'no_python_workers_20250116'), /0\.26\.0a2/);
  assert.throws(() => release('yesterday'), /Invalid compatibility date/);
});

it('turns flags on by date, and off by name', () => {
  const { flags } = selectRuntime('2026-02-17', ['python_workers', 'disable_python_check_rng_state']);
  assert.equal(flags.python_request_headers_preserve_commas, true);
  assert.equal(flags.python_workflows_implicit_dependencies, false);
  assert.equal(flags.python_check_rng_state, false);
});
