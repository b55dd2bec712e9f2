import { describe, expect, it } from 'vitest';
import { faultsOf, folded, folding } from './fixture.ts';

/** The fixture's operator, whose last task, `fix`, has this second opinion too. */
const opinion = (agent: string, model: string) => (text: string) =>
  `${text}    secondOpinion: { agent: ${agent}, model: { ${model} } }\n`;

describe('a route that a task names', () => {
  it('is one that its agent can ask by', () => {
    const { policy } = folded({ repository: 'tasks: { fix: { model: { route: claude } } }' });
    expect(policy.tasks['fix']?.model.route).toBe('claude');
    // It does as it likes, and asks nobody as it is now.
    folded({ repository: 'tasks: { review: { model: { route: claude } } }' });
  });

  it('is refused where there is none of that name', () => {
    const said = { repository: 'tasks: { fix: { model: { route: gpt } } }' };
    expect(faultsOf(folding(said))).toEqual([
      expect.stringMatching(
        /^repo\.yml:2:\d+: tasks\.fix\.model\.route: there is no model route gpt; there are: claude \(operator: op\.yml:69:/,
      ),
    ]);
  });

  it('is refused where its agent asks by another API, also of a second opinion', () => {
    const operator = (text: string) =>
      text.replace('kind: anthropic-messages', 'kind: openai-chat');
    const said = { operator, repository: 'tasks: { fix: { model: { route: claude } } }' };
    expect(faultsOf(folding(said))).toEqual([
      expect.stringContaining(
        'tasks.fix.model.route: claude-code asks by anthropic-messages, and route claude is one of openai-chat (operator: op.yml:69:',
      ),
    ]);
    expect(faultsOf(folding({ operator: opinion('codex', 'route: claude') }))).toEqual([
      expect.stringContaining(
        'secondOpinion.model.route: codex asks by openai-responses, and route claude is one of anthropic-messages',
      ),
    ]);
  });
});
