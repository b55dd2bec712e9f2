import { describe, expect, it } from 'vitest';
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

describe.each(benches)('on the bench $name', (bench) => {
  describe.each(modelAgents)('%s', (agent) => {
    prepareOnce(bench, agent);
    const { shell } = dialects[agent];

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
