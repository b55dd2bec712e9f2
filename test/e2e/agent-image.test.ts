import { expect, it } from 'vitest';
import { testEngine } from '../support/engine.ts';
import { startSystem } from './system.ts';

it('says on the check that the image lacks the agent, and starts nothing', async () => {
  const system = await startSystem({
    policy: (text) => text.replaceAll('linters', 'codex'),
    // One that is there, whatever agents' images this machine has: the linters'.
    env: { SALLYPORT_AGENT_IMAGES: `codex=${testEngine().workerImage}` },
  });
  try {
    const { headSha } = await system.openSample();
    const check = await system.concluded(headSha);
    expect(check.conclusion).toBe('neutral');
    expect(check.output.title).toContain('Image without the agent');
    const rows = await system.rows();
    const reasons = rows
      .filter(({ type }) => type === 'task.ended')
      .map(({ data }) => data['reason']);
    expect(reasons).toEqual(['engine.missing-agent']);
    expect(rows.map(({ type }) => type)).not.toContain('sandbox.assigned');
  } finally {
    await system.stop();
  }
});
