import { describe, expect, it } from 'vitest';
import type { EgressRecord } from '../../../src/broker/egress-record.ts';
import { noTokens } from '../../../src/broker/model-usage.ts';
import { recordEgress } from '../../../src/dispatch/record-egress.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { LedgerEvent } from '../../../src/domain/ledger-entry.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { FakeLedger } from '../../support/fakes/fake-ledger.ts';

const subject = {
  exchange: 1,
  ruleId: 'docs',
  method: 'GET',
  host: 'a.example',
  port: 80,
  path: '/x',
};
const used = {
  model: 'm-1',
  pricesAsOf: '2026-01-01',
  costMicroUsd: 3,
  isEstimate: false,
  ...noTokens,
};
const sums = { ending: 'complete', status: 200, bytesUp: 1, bytesDown: 2, ms: 3 };
const records: readonly EgressRecord[] = [
  { type: 'egress.allowed', ...subject, addresses: ['192.0.2.1'] },
  { type: 'egress.denied', ...subject, ruleId: null, reason: 'no-rule' },
  { type: 'egress.closed', ...subject, ...sums, model: null },
  { type: 'egress.closed', ...subject, ...sums, model: used },
  {
    type: 'egress.closed',
    ...subject,
    ...sums,
    model: null,
    attempts: 3,
    providerError: '529 overloaded_error',
    refusal: 'cyber',
  },
];

describe('recordEgress', () => {
  it.each(records)(
    'keeps every word of $type, under its task, attempt and stage',
    async (record) => {
      const ledger = new FakeLedger(new FakeClock());
      const id = taskIdFor('x', 'review');
      await recordEgress(ledger, { id, attempt: 2, stage: 'verify' }, record);
      const { type, ...said } = record;
      expect(ledger.entries).toMatchObject([
        { type, taskId: id, data: { attempt: 2, stage: 'verify', ...said } },
      ]);
      const row = { type, taskId: id, data: ledger.entries[0]?.data };
      expect(LedgerEvent.safeParse(row).success).toBe(true);
    },
  );
});
