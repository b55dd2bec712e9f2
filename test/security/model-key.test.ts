import { beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../support/agents/dialects.ts';
import { agentImage, buildImageMs } from '../support/images/agent-image.ts';
import { type HostSearch, searchContainer } from '../support/keys/host-memory.ts';
import { type KeyRun, ownerId, realDigits, runWithKey } from '../support/keys/key-scene.ts';
import type { Tally } from '../support/keys/key-search.ts';
import { timesOnWire } from '../support/keys/wire-tap.ts';
import { keyOf } from '../support/models/scripted-model.ts';
import { call, say } from '../support/models/turn.ts';

type Inside = Readonly<Record<'environment' | 'commandLines' | 'memory' | 'files', Tally>>;

const { shell } = dialects['claude-code'];

describe('the key of a provider while claude-code asks it', () => {
  let run: KeyRun;
  let inside: Inside;
  let outside: HostSearch;

  beforeAll(async () => {
    await agentImage('claude-code');
    run = await runWithKey('claude-code', async ({ toolResults }, index) => {
      if (index === 0) return call(shell(`node search-inside.ts ${'-'.repeat(80)} 2>/dev/null`));
      if (index === 1) {
        inside = JSON.parse(toolResults.join().split('\n')[0] ?? '') as Inside;
        // The agent waits for this answer, and all its processes with it.
        outside = await searchContainer(ownerId);
      }
      return say('Nothing found.');
    });
  }, buildImageMs);

  it('is what the provider was asked with', () => {
    expect(run.verdict).toMatchObject({ status: 'result' });
    expect(run.model.requests.map(keyOf)).toEqual([run.realKey, run.realKey]);
  });

  it.each(['environment', 'commandLines', 'memory', 'files'] as const)(
    'is not in what the agent reads of the sandbox’s %s, where its own is found',
    (place) => {
      expect(inside[place].found).toEqual({ real: 0, placeholder: expect.any(Number) as number });
      expect(inside[place].found.placeholder).toBeGreaterThan(0);
    },
  );

  it('is looked for in the whole sandbox: other processes, the image, home and task', () => {
    expect(inside.memory.read).toBeGreaterThan(2);
    expect(inside.files.read).toBeGreaterThan(1_000);
  });

  it('is not in the memory of any process of the container, as the host’s root reads it', () => {
    expect(outside.names.join()).toMatch(/claude/);
    expect(outside.memory.read).toBe(outside.names.length);
    expect(outside.memory.found.placeholder).toBeGreaterThan(0);
    expect(outside.memory.found.real).toBe(0);
    expect(outside.environment.found.real).toBe(0);
  });

  it('is in no byte that the control plane sends over the wire', () => {
    expect(timesOnWire(run.sent, run.placeholder.slice(-40))).toBeGreaterThan(0);
    expect(timesOnWire(run.sent, realDigits)).toBe(0);
  });

  it('is in nothing that the run tells or keeps', () => {
    const told = JSON.stringify([run.verdict, run.events, run.records]);
    expect(told).not.toContain(realDigits);
    expect(told).not.toContain(run.placeholder);
  });
});
