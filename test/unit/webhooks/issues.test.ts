import { expect, it } from 'vitest';
import { fromIssues } from '../../../src/webhooks/issues.ts';

const payload = {
  action: 'opened',
  installation: { id: 1 },
  repository: { id: 7, name: 'parcels', owner: { login: 'acme' } },
  sender: { id: 5, login: 'mona', type: 'User' },
  issue: { number: 30, title: 'It breaks', body: null },
};

function convert(change: object) {
  return fromIssues({ id: 'd1', payload: { ...payload, ...change }, receivedAtMs: 3 });
}

it('makes a trigger of a new issue, without its text', () => {
  expect(convert({})).toEqual({
    kind: 'trigger',
    trigger: {
      type: 'issue-opened',
      deliveryId: 'd1',
      receivedAtMs: 3,
      repository: { installationId: 1, repositoryId: 7, owner: 'acme', name: 'parcels' },
      sender: { id: 5, login: 'mona', type: 'User' },
      number: 30,
    },
  });
});

it('ignores what else happens to issues, and refuses what is none', () => {
  expect(convert({ action: 'edited', issue: 3 })).toEqual({ kind: 'ignored', because: 'action' });
  expect(convert({ issue: {} })).toMatchObject({ kind: 'refused' });
  expect(convert({ issue: { number: 0 } })).toMatchObject({ kind: 'refused' });
});
