import { beforeAll, describe, expect, it } from 'vitest';
import {
  agentVariables,
  canaryVariable,
  modelKeyVariable,
} from '../../../src/protocol/agent-environment.ts';
import { canary } from '../../support/agents/agent-bench.ts';
import { type Played, play, prepareOnce } from '../../support/agents/agent-scene.ts';
import { containerBench } from '../../support/agents/container-bench.ts';
import { dialects, type ModelAgent, modelAgents } from '../../support/agents/dialects.ts';
import { hostileRepository } from '../../support/agents/hostile-repository.ts';
import { environmentIn, listEnvironment } from '../../support/agents/listed-environment.ts';
import { call, plainUsage, say, type Turn } from '../../support/models/turn.ts';
import { isMissing } from '../../support/sandbox/runtimes.ts';

/** Every agent in the usual runtime, and in gVisor's those that most people use. */
const contained = [
  ...modelAgents.map((agent) => ['runc', agent] as const),
  ['runsc', 'claude-code'],
  ['runsc', 'codex'],
] as const;

const finding = { path: 'a.txt', rule: 'greeting', severity: 'warning', message: 'says hello' };
const prompt = `begin-${'lorem ipsum '.repeat(25_600)}-end`;
const repository = hostileRepository();

/** Of all that agents do on the machine itself, what a sandbox, its supervisor and the broker could make different. */
function allInOne(agent: ModelAgent): readonly Turn[] {
  const { report, shell, write } = dialects[agent];
  return [
    call(report({ ...finding, startLine: 1, endLine: 1, path: 'b.txt' })),
    call(report({ ...finding, startLine: 1, endLine: 1 })),
    call(shell(`cat a.txt && ${listEnvironment} > env.txt`)),
    call(write('.', 'written.txt', 'by its own tool\n')),
    say('done'),
  ];
}

describe.each(contained)('in %s, %s', (runtime, agent) => {
  describe.skipIf(isMissing(runtime))('with its own image', () => {
    const bench = containerBench(runtime);
    prepareOnce(bench, agent);
    let work: Played;
    let stopped: Played;

    // Side by side: they share nothing but the image.
    beforeAll(async () => {
      const reports = [call(dialects[agent].report(finding))];
      [work, stopped] = await Promise.all([
        play({ bench, agent, script: allInOne(agent), files: repository, prompt }),
        play({ bench, agent, script: reports, ceiling: 1 }),
      ]);
    }, 600_000);

    it('does its work, and says so', () => {
      expect(work.exitCode).toBe(0);
      expect(work.events.at(-1)).toMatchObject({ kind: 'end', how: 'done' });
      expect(work.events.filter(({ kind }) => kind === 'tool')).toHaveLength(4);
      expect(work.report).toMatchObject({ tools: [{ name: agent }], toolErrors: [] });
    });

    it('asks its model with the whole prompt', () => {
      expect(JSON.stringify(work.model.requests[0]?.body)).toContain(prompt);
    });

    it('reports a finding, and corrects one that is refused', () => {
      expect(work.report?.findings).toMatchObject([
        { ...finding, range: { startLine: 1, endLine: 1 } },
      ]);
      expect(work.model.requests[1]?.toolResults.join()).toContain('there is no file');
    });

    it('runs a command, and writes a file', () => {
      expect(work.model.requests[3]?.toolResults.join()).toContain('hello');
      expect(work.files.get('written.txt')?.trim()).toBe('by its own tool');
    });

    it('tells the tokens that the broker charges for', () => {
      const turns = work.model.requests.length;
      const told = work.events.filter((event) => event.kind === 'tokens');
      const sumOf = (amount: 'input' | 'output' | 'cacheRead'): number =>
        told.reduce((sum, event) => sum + event[amount], 0);
      const { input, output, cached } = plainUsage;
      expect(sumOf('input')).toBe(input * turns);
      expect(sumOf('output')).toBe(output * turns);
      expect(sumOf('cacheRead')).toBe(cached * turns);
      expect(work.chargedTokens).toBe((input + output + cached) * turns);
    });

    it('obeys and runs nothing of what a repository holds for agents', () => {
      expect([...work.files.keys()].filter((path) => path.startsWith('owned'))).toEqual([]);
      const asked = JSON.stringify(work.model.requests.map(({ body }) => body));
      expect(asked).not.toContain('CANARY');
      for (const [path, text] of Object.entries(repository))
        expect(work.files.get(path)).toBe(text);
    });

    it('has the variables of the contract', () => {
      const variables = environmentIn(work.files.get('env.txt'));
      for (const name of agentVariables) expect([...variables.keys()]).toContain(name);
      expect(variables.get(canaryVariable)).toBe(canary);
      const keys = ['ANTHROPIC_API_KEY', modelKeyVariable].filter((name) => variables.has(name));
      expect(keys).toEqual([agent === 'claude-code' ? 'ANTHROPIC_API_KEY' : modelKeyVariable]);
    });

    it('ends at a ceiling, and keeps what it found', () => {
      expect(stopped.exitCode).toBe(143);
      expect(stopped.model.requests).toHaveLength(1);
      expect(stopped.report?.findings).toMatchObject([finding]);
      expect(stopped.report?.toolErrors[0]?.message).toMatch(/^ended by SIGTERM/);
    });
  });
});
