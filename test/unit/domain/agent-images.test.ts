import { describe, expect, it } from 'vitest';
import { AgentImages, agentsIn, imageOfAgent } from '../../../src/domain/agent-images.ts';

describe('the operator’s images of agents', () => {
  it('are pairs with commas between', () => {
    const text = `codex=registry.example:5000/ours/codex@sha256:${'1'.repeat(64)}, pi=ours:2`;
    expect([...AgentImages.parse(text)]).toEqual([
      ['codex', `registry.example:5000/ours/codex@sha256:${'1'.repeat(64)}`],
      ['pi', 'ours:2'],
    ]);
  });

  it.each(['codex', 'codex=', '=ours', 'codex=a=b', 'codex=a b', 'a=1,a=2', 'a=1,', 'a=1,,b=2'])(
    'are refused as %j',
    (text) => {
      const { success, error } = AgentImages.safeParse(text);
      expect(success).toBe(false);
      expect(error?.issues[0]?.message).toBe('must be AGENT=IMAGE,…, each agent once');
    },
  );
});

describe('the image of an agent', () => {
  const agentImages = new Map([['codex', 'ours']]);
  const settings = { agentImages, workerImage: 'plain' };

  it.each([
    ['linters', 'plain'],
    ['codex', 'ours'],
    ['pi', 'sallyport-worker:pi'],
  ])('of %s is %s', (agent, image) => {
    expect(imageOfAgent(settings, agent)).toBe(image);
  });

  it('of the linters can be named like any other', () => {
    const named = { agentImages: new Map([['linters', 'ours']]), workerImage: 'plain' };
    expect(imageOfAgent(named, 'linters')).toBe('ours');
  });
});

describe('the agents in an image', () => {
  it.each([
    [{ 'io.sallyport.agents': 'codex,linters' }, ['codex', 'linters']],
    [{ 'io.sallyport.agents': '' }, []],
    [{ other: 'codex' }, []],
  ])('by the labels %j are %j', (labels, agents) => {
    expect(agentsIn(labels)).toEqual(agents);
  });
});
