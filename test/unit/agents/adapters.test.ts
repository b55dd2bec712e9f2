import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentEvent } from '../../../src/protocol/agent-event.ts';
import type { AgentAdapter } from '../../../workers/agent-run/agent-adapter.ts';
import { claudeCode } from '../../../workers/agents/claude-code/adapter.ts';
import { codex } from '../../../workers/agents/codex/adapter.ts';
import { opencode } from '../../../workers/agents/opencode/adapter.ts';
import { pi } from '../../../workers/agents/pi/adapter.ts';

const adapters = [claudeCode, codex, opencode, pi];

function recorded({ name }: AgentAdapter, stream: string): readonly string[] {
  const file = new URL(`../../fixtures/agents/${name}/${stream}.jsonl`, import.meta.url);
  return readFileSync(file, 'utf8').split('\n');
}

function eventsOf(adapter: AgentAdapter, lines: readonly string[]): readonly AgentEvent[] {
  const read = adapter.reader();
  return lines.flatMap((line) => read(line));
}

const endOf = (events: readonly AgentEvent[]): AgentEvent | undefined =>
  events.findLast(({ kind }) => kind === 'end');

describe('a recorded stream', () => {
  it.each(adapters)('of $name tells of tools, tokens and a good end', (adapter) => {
    const events = eventsOf(adapter, recorded(adapter, 'done'));
    const tools = events.flatMap((event) => (event.kind === 'tool' ? [event] : []));
    expect(tools.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('made.txt'),
      expect.stringContaining('a.txt'),
      expect.stringContaining('w.txt'),
    ]);
    const input = events.flatMap((event) => (event.kind === 'tokens' ? [event.input] : []));
    // Four answers; the two that speak OpenAI's count what was cached as input.
    const isOfOpenAi = adapter === codex || adapter === opencode;
    expect(input.reduce((sum, one) => sum + one, 0)).toBe(isOfOpenAi ? 320 : 400);
    expect(endOf(events)).toMatchObject({ how: 'done' });
  });

  it.each([
    [claudeCode, 'failed', 'error', 'bad things'],
    [claudeCode, 'overloaded', 'error', 'Overloaded'],
    [claudeCode, 'refused', 'refused', 'safeguards'],
    [claudeCode, 'turns', 'turns', 'maximum number of turns'],
    [codex, 'failed', 'error', '429 Too Many Requests'],
    [codex, 'refused', 'refused', 'without an answer'],
    [opencode, 'failed', 'error', 'slow down'],
    [opencode, 'refused', 'refused', 'content filter'],
    [pi, 'failed', 'error', 'bad things'],
  ] as const)('of %o, %s, ends as %s', (adapter, stream, how, words) => {
    const end = endOf(eventsOf(adapter, recorded(adapter, stream)));
    expect(end).toMatchObject({ how, text: expect.stringContaining(words) as string });
  });

  it.each([
    [claudeCode, 'overloaded', 529],
    [codex, 'failed', 429],
    [opencode, 'failed', 429],
    [pi, 'failed', 400],
  ] as const)('of %o, %s, tells the status of the provider', (adapter, stream, status) => {
    const events = eventsOf(adapter, recorded(adapter, stream));
    expect(events).toContainEqual({
      kind: 'provider-error',
      status,
      text: expect.any(String) as string,
    });
  });

  it('of a turn of Codex that is refused behind a word and a tool is no work done', () => {
    const item = (id: string, fields: object) => ({ id, ...fields });
    const word = item('item_0', { type: 'agent_message', text: 'Let me look.' });
    const tool = item('item_1', { type: 'command_execution', command: 'true' });
    const lines = [
      { type: 'item.completed', item: word },
      { type: 'item.started', item: tool },
      { type: 'item.completed', item: tool },
      {
        type: 'turn.completed',
        usage: { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1 },
      },
    ].map((line) => JSON.stringify(line));
    expect(endOf(eventsOf(codex, lines))).toMatchObject({ how: 'refused' });
    const answered = [...lines.slice(0, 3), ...lines.slice(0, 1), ...lines.slice(3)];
    expect(endOf(eventsOf(codex, answered))).toMatchObject({ how: 'done' });
  });

  it.each(adapters)(
    'of $name that is cut before its last answer is not taken for done',
    (adapter) => {
      const lines = recorded(adapter, 'done');
      const lastTool = lines.findLastIndex((line) =>
        adapter
          .reader()(line)
          .some(({ kind }) => kind === 'tool'),
      );
      for (let length = 0; length <= lastTool + 1; length += 1) {
        const end = endOf(eventsOf(adapter, lines.slice(0, length)));
        expect(end?.kind === 'end' ? end.how : 'error').toBe('error');
      }
    },
  );
});

describe('a hostile line', () => {
  const known = adapters.flatMap((adapter) => recorded(adapter, 'done'));
  const broken = fc
    .tuple(fc.constantFrom(...known), fc.nat(2_000), fc.string({ unit: 'binary' }))
    .map(([line, at, text]) => line.slice(0, at) + text + line.slice(at + text.length));
  const swapped = fc
    .tuple(fc.constantFrom(...known.filter((line) => line !== '')), fc.json(), fc.nat(40))
    .map(([line, value, nth]) => {
      let seen = -1;
      return line.replace(/:(?:"[^"]*"|\d+|null|true|false)/g, (found) => {
        seen += 1;
        return seen === nth ? `:${value}` : found;
      });
    });

  it.each(adapters)('says nothing to $name, or what an event can say', (adapter) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), broken, swapped), (line) => {
        for (const event of adapter.reader()(line)) {
          const text = JSON.stringify(event);
          expect(JSON.stringify(AgentEvent.parse(event))).toBe(text);
          expect(text).not.toContain('\n');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [opencode, { type: 'tool_use', part: { tool: '', state: { input: {} } } }],
    [pi, { type: 'tool_execution_start', toolName: '', args: {} }],
  ] as const)('without the name of a tool is told by %o all the same', (adapter, line) => {
    const [event] = adapter.reader()(JSON.stringify(line));
    expect(AgentEvent.safeParse(event).success).toBe(true);
  });

  it.each(adapters)('of any depth does not take down $name', (adapter) => {
    const deep = `{"type":"assistant","message":{"content":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`;
    expect(adapter.reader()(deep)).toEqual([]);
  });
});
