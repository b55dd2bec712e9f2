import { beforeEach, describe, expect, test } from 'vitest';
import { ledgerCommand } from '../../../src/cli/ledger.ts';
import { digestOf, taskIdFor } from '../../../src/domain/ids.ts';
import type { LedgerEntry } from '../../../src/domain/ledger-entry.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { FakeLedger } from '../../support/fakes/fake-ledger.ts';

const task = taskIdFor('one', 'review');

describe('sallyport ledger', () => {
  let ledger: FakeLedger;
  let output: string[];
  let errors: string[];
  const run = (...args: string[]) =>
    ledgerCommand(args, {
      ledger,
      write: (line) => output.push(line),
      writeError: (line) => errors.push(line),
    });

  beforeEach(async () => {
    ledger = new FakeLedger(new FakeClock());
    output = [];
    errors = [];
    await ledger.append({ type: 'task.queued', taskId: task, data: { text: 'a\nb\u009b\u202e"' } });
    await ledger.append({ type: 'app.started', taskId: null, data: {} });
  });

  const breakRow = () => {
    const row = ledger.entries[0] as LedgerEntry;
    ledger.entries[0] = { ...row, type: 'task.forged' };
  };

  test('verify says how many events verify and where the head is', async () => {
    const { seq, hash } = await ledger.head();
    expect(await run('verify')).toBe(0);
    expect(output).toEqual([`The ledger verifies: 2 event(s), head ${seq}:${hash}`]);
  });

  test('verify counts one task', async () => {
    expect(await run('verify', '--task', task)).toBe(0);
    expect(output[0]).toContain('1 event(s)');
  });

  test('verify accepts heads as summaries have them, with and without sha256:', async () => {
    const { hash } = await ledger.head();
    const bare = `2:${hash.slice('sha256:'.length)}`;
    expect(await run('verify', '--head', `2:${hash}`, '--head', bare)).toBe(0);
  });

  test('verify fails against a head that the ledger does not have', async () => {
    expect(await run('verify', '--head', `2:${digestOf('x')}`)).toBe(1);
    expect(output[1]).toContain('row 2: changed');
    expect(await run('verify', '--head', `9:${digestOf('x')}`)).toBe(1);
    expect(output.at(-1)).toContain('row 3: truncated');
  });

  test('verify fails at a changed row, and tells programs which', async () => {
    breakRow();
    expect(await run('verify', '--json')).toBe(1);
    const report: unknown = JSON.parse(output.join('\n'));
    expect(report).toMatchObject({ verified: false, faults: [{ seq: 1, kind: 'changed' }] });
  });

  test('export writes a row a line, whatever strings are in it', async () => {
    expect(await run('export')).toBe(0);
    expect(output.map((line) => JSON.parse(line) as unknown)).toEqual(ledger.entries);
    expect(output.join('')).not.toMatch(/[\n\u009b\u202e]/);
  });

  test('export of a task leaves the other rows out', async () => {
    expect(await run('export', '--task', task)).toBe(0);
    expect(output.map((line) => (JSON.parse(line) as LedgerEntry).taskId)).toEqual([task]);
  });

  test.each([
    [[]],
    [['repair']],
    [['verify', 'everything']],
    [['verify', '--task', 'one']],
    [['verify', '--task']],
    [['verify', '--head', '2']],
    [['verify', '--head', `2:${'g'.repeat(64)}`]],
    [['verify', '--head', `-1:${'0'.repeat(64)}`]],
    [['verify', '--head', `2:md5:${'0'.repeat(64)}`]],
    [['verify', '--unknown']],
    [['export', '--json']],
    [['export', '--head', `2:${'0'.repeat(64)}`]],
  ])('%j is wrong usage: exit code 2 and how to do it', async (args) => {
    expect(await run(...args)).toBe(2);
    expect(errors.join()).toContain('usage: sallyport ledger verify');
    expect(output).toEqual([]);
  });
});
