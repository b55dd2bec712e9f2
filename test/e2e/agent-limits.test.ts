import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleHead } from '../demo/sample-repository.ts';
import { type Asked, inTurn, sectionOf } from '../support/agents/asked.ts';
import type { CheckRun } from '../support/github/records.ts';
import { buildImageMs } from '../support/images/agent-image.ts';
import { call, fail, plainUsage, refuse, say, type Turn } from '../support/models/turn.ts';
import { type AgentSystem, startAgentSystem } from './agent-system.ts';
import { PullScene, textOf } from './pull-scene.ts';
import { repo } from './system.ts';

const model = 'claude-code';
const file = 'src/track.js';
/** Of one task on the route. */
const tokens = 100_000;
/** Of one pull request in a day. */
const requests = 4;

describe('work of claude-code that meets a ceiling, or a provider in trouble', () => {
  let scene: AgentSystem;
  const asked: Asked[] = [];

  beforeAll(async () => {
    scene = await startAgentSystem({
      agents: [model],
      routes: { [model]: { limits: { tokens, costMicroUsd: 100_000_000 } } },
      policy: { budgets: { perPullRequest: { requests } } },
      tasks: {
        review: {
          agent: model,
          triggers: { events: ['opened'], drafts: false },
          outputs: { patch: 'none' },
        },
        fix: { agent: model },
      },
      script: (one) => {
        asked.push(one);
        return stories[titleOf(one)]?.(one) ?? say('Nothing.');
      },
    });
  }, buildImageMs);

  afterAll(() => scene.close());

  async function checkOf(title: string): Promise<{ check: CheckRun; asked: readonly Asked[] }> {
    const pull = await PullScene.open(scene.system, title, sampleHead);
    const check = await pull.concluded();
    return { check, asked: asked.filter((one) => titleOf(one) === title) };
  }

  it('keeps what was found when the tokens of the task are used up, and does not pass for that', async () => {
    const { check } = await checkOf('Many tokens');
    expect(check.annotations).toMatchObject([{ path: file, start_line: 12 }]);
    expect(textOf(check)).toContain('stopped at limit:model-tokens');
    expect(check.conclusion).toBe('failure');
  });

  it('keeps what was found when the requests of the pull request are used up', async () => {
    const { check, asked: mine } = await checkOf('Many requests');
    expect(mine).toHaveLength(requests);
    expect(check.annotations).toMatchObject([{ path: file, start_line: 12 }]);
    expect(textOf(check)).toContain('stopped at budget:perPullRequest.requests');
    expect(check.conclusion).toBe('failure');
  });

  it('keeps what a fix had changed until then, for people to decide on', async () => {
    const pull = await PullScene.open(scene.system, 'Half a fix', sampleHead, { draft: true });
    const check = await pull.checkAfter('sallyport fix', () => pull.say('/sallyport fix all'));
    expect(check.conclusion).toBe('action_required');
    expect(textOf(check)).toContain('stopped at budget:perPullRequest.requests');
    const { system } = scene;
    await pull.say('/sallyport approve');
    const sha = await pull.committed();
    expect(String(await system.standIn.file(repo, sha, file))).toContain('=== "express"');
  });

  it('asks an overloaded provider again, and tells of it', async () => {
    const { check, asked: mine } = await checkOf('Overloaded');
    expect(mine.map(({ turn }) => turn)).toEqual([0, 0, 0, 1]);
    expect(check.annotations).toHaveLength(1);
    expect(textOf(check)).toContain(
      'Model provider: 1 request tried again (`529 overloaded_error`)',
    );
  });

  it('tells that the model refused', async () => {
    const { check } = await checkOf('Refused');
    expect(textOf(check)).toMatch(/Model provider: \d answers? refused/);
    expect(check.conclusion).toBe('failure');
  });
});

type Story = (asked: Asked) => Turn;

const stories: Readonly<Record<string, Story>> = {
  'Many tokens': (asked) => inTurn(asked, [found(asked), dear(asked), say('Not heard.')]),
  'Many requests': (asked) => (asked.turn === 0 ? found(asked) : more(asked)),
  'Half a fix': (asked) =>
    asked.turn === 0 ? call(asked.dialect.shell(`sed -i 's/ == / === /' ${file}`)) : more(asked),
  Overloaded: overloadedTwice(),
  Refused: () => refuse('I cannot help with that.'),
};

function found({ dialect }: Asked): Turn {
  return call(
    dialect.report({
      path: file,
      startLine: 12,
      severity: 'warning',
      rule: 'loose-equality',
      message: 'Compares loosely.',
    }),
  );
}

function more({ dialect, turn }: Asked): Turn {
  return call(dialect.shell(`echo ${turn}`));
}

/** One answer that takes more than all. */
function dear(asked: Asked): Turn {
  return { ...more(asked), usage: { ...plainUsage, input: tokens * 2 } } as Turn;
}

function overloadedTwice(): Story {
  let count = 0;
  return (asked) => {
    count += 1;
    if (count <= 2) return fail(529, 'overloaded_error', { 'retry-after': '0' });
    return inTurn(asked, [found(asked)]);
  };
}

function titleOf(asked: Asked): string {
  return /^Title: (.*)$/m.exec(sectionOf(asked, 'PULL-REQUEST') ?? '')?.[1] ?? '';
}
