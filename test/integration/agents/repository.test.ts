import { describe, expect, it } from 'vitest';
import { steeringRoot } from '../../../src/domain/steering-paths.ts';
import {
  agentVariables,
  canaryVariable,
  modelKeyVariable,
} from '../../../src/protocol/agent-environment.ts';
import { canary } from '../../support/agents/agent-bench.ts';
import { benches, play, prepareOnce } from '../../support/agents/agent-scene.ts';
import { dialects, modelAgents } from '../../support/agents/dialects.ts';
import { hostileRepository } from '../../support/agents/hostile-repository.ts';
import { environmentIn, listEnvironment } from '../../support/agents/listed-environment.ts';
import { call, say } from '../../support/models/turn.ts';

/** Names that an agent might look for beside a file that it reads. */
const besides = [
  'AGENT.md',
  'AGENTS.md',
  'AGENTS.override.md',
  'CLAUDE.md',
  'CLAUDE.local.md',
  'CONTEXT.md',
  'CONTRIBUTING.md',
  'GEMINI.md',
  'INSTRUCTIONS.md',
  'MEMORY.md',
  'README.md',
  'RULES.md',
  'SYSTEM.md',
  '.cursorrules',
  '.rules',
];

describe.each(benches)('on the bench $name', (bench) => {
  describe.each(modelAgents)('%s', (agent) => {
    prepareOnce(bench, agent);
    const { read, shell } = dialects[agent];

    it('obeys and runs nothing of what a repository holds for agents', async () => {
      const files = hostileRepository();
      const script = [call(shell('cat a.txt')), say('done')];
      const end = await play({ bench, agent, script, files });
      expect(end.exitCode).toBe(0);
      expect(end.model.requests[1]?.toolResults.join()).toContain('hello');
      expect([...end.files.keys()].filter((path) => path.startsWith('owned'))).toEqual([]);
      expect(JSON.stringify(end.model.requests.map(({ body }) => body))).not.toContain('CANARY');
      for (const [path, text] of Object.entries(files)) expect(end.files.get(path)).toBe(text);
    });

    it('reads nothing beside a file that it is asked to read but what the base decides on', async () => {
      const words = besides.flatMap((name, at) => [
        [`in-${at}/a.txt`, 'hello\n'],
        [`in-${at}/${name}`, `CANARY-<${name}>\n`],
      ]);
      const files = Object.fromEntries(words) as Record<string, string>;
      const script = [call(...besides.map((_, at) => read(`in-${at}/a.txt`))), say('done')];
      const { exitCode, model } = await play({ bench, agent, script, files });
      expect(exitCode).toBe(0);
      const results = model.requests[1]?.toolResults ?? [];
      expect(results.filter((text) => text.includes('hello'))).toHaveLength(besides.length);
      const asked = JSON.stringify(model.requests.map(({ body }) => body));
      const taken = besides.filter((name) => asked.includes(`CANARY-<${name}>`));
      expect(taken.filter((name) => steeringRoot(`in/${name}`) === undefined)).toEqual([]);
    });

    it('has no variable of its harness but those of the contract', async () => {
      const script = [call(shell(`${listEnvironment} > env.txt`)), say('done')];
      const end = await play({ bench, agent, script });
      const variables = environmentIn(end.files.get('env.txt'));
      for (const name of agentVariables) expect([...variables.keys()]).toContain(name);
      expect(variables.get(canaryVariable)).toBe(canary);
      expect(variables.has('NOT_FOR_AGENTS')).toBe(false);
      const isClaude = agent === 'claude-code';
      expect(variables.has('ANTHROPIC_API_KEY')).toBe(isClaude);
      expect(variables.has(modelKeyVariable)).toBe(!isClaude);
    });
  });
});
