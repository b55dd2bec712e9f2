import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseAgent } from '../../demo/agent/choice.ts';
import { policyWith } from '../../demo/agent/policy.ts';
import { modelAgents } from '../../support/agents/dialects.ts';
import { folded } from '../policy/fixture.ts';

const shipped = readFileSync('policies/default.yml', 'utf8');
const prices = readFileSync('policies/prices.yml', 'utf8');
const env = { ANTHROPIC_API_KEY: 'a-key', OPENAI_API_KEY: 'a-key' };

function policyOf(agent: string, model: string, upstream?: string) {
  const choice = chooseAgent({ agent, model }, env);
  if (choice === null) throw new Error('no agent');
  return folded({ operator: policyWith(shipped, choice, upstream ?? choice.provider.url) }).policy;
}

describe.each(modelAgents)('the policy of a demo with %s', (agent) => {
  it('lets reviews and fixes ask a real model, and nothing else', () => {
    const { tasks, egress } = policyOf(agent, 'live');
    expect([tasks['review']?.agent, tasks['fix']?.agent]).toEqual([agent, agent]);
    expect(egress).toMatchObject({ rules: [], allowAddresses: [] });
    const [route, ...others] = egress.modelRoutes;
    expect(others).toEqual([]);
    expect(route).toMatchObject(
      agent === 'codex'
        ? {
            kind: 'openai-responses',
            upstream: 'https://api.openai.com',
            credential: { name: 'demo', header: 'authorization-bearer' },
            paths: ['/v1/responses'],
          }
        : {
            kind: 'anthropic-messages',
            upstream: 'https://api.anthropic.com',
            credential: { name: 'demo', header: 'x-api-key' },
            paths: ['/v1/messages'],
          },
    );
    for (const name of route?.models ?? []) expect(prices).toContain(`\n  ${name}:`);
  });

  it('reaches loopback for a scripted one alone', () => {
    const { egress } = policyOf(agent, 'scripted', 'http://127.0.0.1:9');
    expect(egress.modelRoutes).toMatchObject([{ upstream: 'http://127.0.0.1:9' }]);
    expect(egress.allowAddresses).toEqual(['127.0.0.1/32']);
  });

  it('is the one that ships in all else', () => {
    const [own, ours] = [folded({ operator: shipped }).policy, policyOf(agent, 'live')];
    expect(ours.limits).toEqual(own.limits);
    expect(ours.protectedPaths).toEqual(own.protectedPaths);
    expect(ours.tasks['review']?.outputs).toEqual(own.tasks['review']?.outputs);
  });
});
