import { describe, expect, it } from 'vitest';
import { faultsOf, folded, folding } from './fixture.ts';

/** The fixture's operator, whose only route is `claude`, and whose last task is `fix`, with more said of that. */
const more = (line: string) => (text: string) => `${text}    ${line}\n`;
const named = { repository: 'tasks: { fix: { model: { route: claude } } }' };

describe('a route that a task names', () => {
  it('is one that its agent can ask by', () => {
    const { policy } = folded(named);
    expect(policy.tasks['fix']?.model.route).toBe('claude');
  });

  it('is refused where there is none of that name', () => {
    const said = { repository: 'tasks: { fix: { model: { route: gpt } } }' };
    expect(faultsOf(folding(said))).toEqual([
      'repo.yml:2:33: tasks.fix.model.route: there is no model route gpt; there are: claude (operator: op.yml:69:5)',
    ]);
    const operator = (text: string) =>
      text.replace(
        / {2}modelRoutes:[\s\S]*? {2}allowAddresses/,
        '  modelRoutes: []\n  allowAddresses',
      );
    expect(faultsOf(folding({ ...said, operator })).join()).toContain('there are: none');
  });

  it('is refused where its agent asks by another API', () => {
    const operator = (text: string) =>
      text.replace('kind: anthropic-messages', 'kind: openai-chat');
    expect(faultsOf(folding({ ...named, operator }))).toEqual([
      expect.stringMatching(
        /^repo\.yml:2:33: tasks\.fix\.model\.route: claude-code asks by anthropic-messages, and route claude by openai-chat \(operator: op\.yml:/,
      ),
    ]);
  });

  it('is refused to the layer that names the agent, where that is the lower one', () => {
    const operator = more('model: { route: claude }');
    folded({ operator });
    const repository = 'tasks: { fix: { agent: codex } }';
    expect(faultsOf(folding({ operator, repository }))).toEqual([
      expect.stringMatching(
        /^repo\.yml:2:24: tasks\.fix\.agent: codex asks by openai-responses, and route claude by anthropic-messages \(operator: op\.yml:/,
      ),
    ]);
  });

  it.each<[string, Parameters<typeof folding>[0]]>([
    [
      'a task that is off',
      {
        operator: (text) =>
          more('model: { route: gone }')(text).replace(
            'agent: claude-code',
            'agent: codex\n    enabled: false',
          ),
      },
    ],
    [
      'a task that a layer switches off',
      {
        operator: more('model: { route: gone }'),
        repository: 'tasks: { fix: { enabled: false } }',
      },
    ],
    [
      'a task whose agent a layer takes off the list',
      { operator: more('model: { route: gone }'), repository: 'agents: [linters]' },
    ],
    ['an analyser', { repository: 'tasks: { review: { model: { route: gone } } }' }],
    ['no second agent', { operator: more('secondOpinion: { model: { route: gone } }') }],
  ])('is not looked at of %s', (_what, layers) => {
    expect(faultsOf(folding(layers))).toEqual([]);
  });

  it('is looked at for a second opinion too', () => {
    const opinion = 'secondOpinion: { agent: codex, model: { route: claude } }';
    expect(faultsOf(folding({ operator: more(opinion) }))).toEqual([
      expect.stringContaining('tasks.fix.secondOpinion.model.route: codex asks by'),
    ]);
    folded({ operator: more('secondOpinion: { agent: claude-code, model: { route: claude } }') });
  });
});
