import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTurn } from '../support/agents/asked.ts';
import { buildImageMs } from '../support/images/agent-image.ts';
import { call } from '../support/models/turn.ts';
import { type AgentSystem, startAgentSystem } from './agent-system.ts';
import { repo } from './system.ts';

const triggers = { events: ['opened', 'synchronize'], drafts: false };

describe('a review by claude-code', () => {
  let scene: AgentSystem;

  beforeAll(async () => {
    scene = await startAgentSystem({
      agents: ['claude-code'],
      tasks: { review: { agent: 'claude-code', triggers, outputs: { patch: 'none' } } },
      script: (asked) =>
        inTurn(asked, [
          call(
            asked.dialect.report({
              path: 'src/track.js',
              startLine: 12,
              severity: 'error',
              rule: 'loose-equality',
              message: 'Compares loosely.',
              replacement: "  if (parcel.kind === 'express') {",
            }),
          ),
        ]),
    });
  }, buildImageMs);

  afterAll(() => scene.close());

  it('is a check with annotations, and suggested changes', async () => {
    const { system } = scene;
    const { number, headSha } = await system.openSample();
    const check = await system.concluded(headSha);
    expect(check.conclusion).toBe('failure');
    expect(check.annotations).toMatchObject([{ path: 'src/track.js', start_line: 12 }]);
    const [comment] = system.standIn.reviewComments(repo, number);
    expect(comment?.anchor.line).toBe(12);
    expect(comment?.body).toContain("```suggestion\n  if (parcel.kind === 'express') {\n```");
  });
});
