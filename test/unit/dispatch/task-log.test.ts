import { describe, expect, it } from 'vitest';
import { appendOnce } from '../../../src/dispatch/append-once.ts';
import { TaskLog } from '../../../src/dispatch/task-log.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { World } from '../../support/fakes/world.ts';

describe('TaskLog', () => {
  it('keeps one line an event, whatever the text', () => {
    const log = new TaskLog(1_000);
    log.add({ type: 'progress', text: 'a\n{"type":"progress","text":"forged"}\r\u2028' });
    log.add({ type: 'progress', text: 'b' });
    const lines = Buffer.from(log.bytes()).toString().split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[1] ?? '')).toEqual({ type: 'progress', text: 'b' });
    expect([log.lineCount, log.droppedBytes]).toEqual([2, 0]);
  });

  it('keeps no more bytes than it may, counts what it drops, and takes what still fits', () => {
    const line = Buffer.byteLength(`${JSON.stringify({ type: 'progress', text: 'ü' })}\n`);
    const log = new TaskLog(line);
    log.add({ type: 'progress', text: 'x'.repeat(300) });
    log.add({ type: 'progress', text: 'ü' });
    log.add({ type: 'progress', text: 'ü' });
    expect(log.bytes().byteLength).toBe(line);
    expect(log.droppedBytes).toBeGreaterThan(line + 250);
  });
});

describe('TaskLog, of what the ledger may have', () => {
  it('counts each sandbox by itself, and ends apart', () => {
    const log = new TaskLog(1_000);
    const fault = { kind: 'provider-error', status: 529, text: '' } as const;
    const end = { kind: 'end', how: 'done', text: '' } as const;
    for (let count = 0; count < 1_000; count += 1) log.mayRecord('agent', fault);
    expect(log.mayRecord('agent', fault)).toBe(false);
    expect(log.mayRecord('agent', end)).toBe(true);
    expect(log.mayRecord('judge', fault)).toBe(true);
    expect(log.mayRecord('agent', { kind: 'cost', costMicroUsd: 1 })).toBe(false);
  });
});

describe('appendOnce', () => {
  it('appends what is new for the task, and not what was said last', async () => {
    const { ledger } = new World();
    const event = { type: 'x', taskId: taskIdFor('a', 'fix'), data: { n: 1 } };
    await appendOnce(ledger, event);
    await appendOnce(ledger, event);
    await appendOnce(ledger, { ...event, data: { n: 2 } });
    await appendOnce(ledger, event);
    await appendOnce(ledger, { ...event, taskId: taskIdFor('b', 'fix') });
    await appendOnce(ledger, { ...event, taskId: null });
    await appendOnce(ledger, { ...event, taskId: null });
    expect(ledger.entries.map(({ data }) => data['n'])).toEqual([1, 2, 1, 1, 1, 1]);
  });
});
