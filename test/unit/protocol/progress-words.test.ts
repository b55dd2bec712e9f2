import { describe, expect, it } from 'vitest';
import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { progressWords } from '../../../src/protocol/progress-words.ts';

describe('the words for progress', () => {
  it.each<[SandboxEvent, string | undefined]>([
    [{ type: 'progress', text: 'half' }, 'half'],
    [
      { type: 'agent', event: { kind: 'tool', name: 'Bash', detail: 'npm test' } },
      'Bash: npm test',
    ],
    [{ type: 'agent', event: { kind: 'tool', name: 'Stop', detail: '' } }, 'Stop'],
    [{ type: 'agent', event: { kind: 'cost', costMicroUsd: 1 } }, undefined],
    [{ type: 'log', stream: 'stdout', text: 'x' }, undefined],
  ])('of %j are %j', (event, words) => {
    expect(progressWords(event)).toBe(words);
  });
});
