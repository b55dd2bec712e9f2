import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { type System, startSystem } from './system.ts';

const path = '.github/sallyport.yml';
let system: System;

beforeEach(async () => {
  const files = { [path]: 'version: 1\nlimits: { pid: 1 }\n' };
  system = await startSystem({ head: { files } });
});

afterEach(async () => {
  expect(system.standIn.violations).toEqual([]);
  await system.stop();
});

it('a pull request that edits a policy has a check with the fault on its line', async () => {
  const { headSha } = await system.openSample();
  const run = await waitFor('the check of the policy', () =>
    system.checks(headSha, 'sallyport / policy').find((one) => one.status === 'completed'),
  );
  expect(run.conclusion).toBe('failure');
  expect(run.annotations).toMatchObject([{ path, start_line: 2 }]);
  const rows = await waitFor('its row in the ledger', async () => {
    const found = (await system.rows()).filter(({ type }) => type === 'policy.checked');
    return found.length === 0 ? undefined : found;
  });
  expect(rows).toMatchObject([{ data: { path, conclusion: 'failure', headSha } }]);
  // The review of the pull request is a check of its own, and is not held up.
  await system.concluded(headSha);
});
