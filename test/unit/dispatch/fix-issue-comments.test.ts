import { describe, expect, it } from 'vitest';
import { type AskedWork, keptAsked } from '../../../src/dispatch/asked-work.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import type { SaidComment } from '../../../src/ports/conversations.ts';
import { addIssue, issueNumber, sayOnIssue, told } from '../../support/fakes/issue-scene.ts';
import { World } from '../../support/fakes/world.ts';

/** Of the first command in a world; each comment of a person has one more. */
const commandId = 501;

/** What the one task of the issue is told, once somebody has asked for it with these comments there. */
async function asked(
  said: readonly Partial<SaidComment>[],
  command = '/sallyport fix',
): Promise<AskedWork> {
  const world = new World();
  addIssue(world);
  const updatedAt = new Date(world.clock.nowMs() - 60_000).toISOString();
  const common = { login: 'mona', isMember: false, isOwn: false, body: 'Words.', updatedAt };
  const comments = said.map((one, at) => ({ ...common, commentId: 100 + at, ...one }));
  world.github.saidBelow.set(issueNumber, comments);
  await sayOnIssue(world, 'contributor', command);
  const [id = TaskId.parse('none'), ...others] = [...world.store.tasks.rows.keys()];
  expect(others).toEqual([]);
  return keptAsked(world.context, id);
}

const texts = ({ evidence }: AskedWork) => evidence.map(({ text }) => text);

describe('a fix on an issue', () => {
  it('is told what was said below it, and by whom', async () => {
    const { findings, evidence } = await asked([
      { login: 'hubot', isMember: true, body: 'It is 3.' },
      { body: `${'x'.repeat(19_999)}😀` },
    ]);
    expect(findings).toEqual([]);
    expect(evidence).toEqual([
      { title: 'hubot below the issue', text: 'It is 3.', from: 'member' },
      { title: 'mona below the issue', text: `${'x'.repeat(19_999)}\ufffd`, from: 'outsider' },
    ]);
  });

  it('is told of nothing but what stood there before the command', async () => {
    const nowMs = new World().clock.nowMs();
    const at = (ms: number) => new Date(nowMs + ms).toISOString();
    const kept = await asked([
      { body: 'before' },
      { body: 'ours', isOwn: true },
      { body: 'edited since', updatedAt: at(2_000) },
      { body: 'the command', commentId: commandId, updatedAt: at(0) },
      { body: 'in its second', commentId: commandId + 1, updatedAt: at(0) },
      { body: 'later', commentId: commandId + 2, updatedAt: at(5_000) },
      { body: 'who knows when', updatedAt: 'soon' },
    ]);
    expect(texts(kept)).toEqual(['before']);
  });

  it('is told of the last ten, among them five of members however much others say', async () => {
    const few = Array.from({ length: 12 }, (_, at) => ({ body: `${at}` }));
    const last = await asked(few);
    expect(texts(last)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
    expect(last.evidence[0]?.title).toMatch(/, of which other comments are left out$/);
    const members = Array.from({ length: 7 }, (_, at) => ({ body: `m${at}`, isMember: true }));
    const flooded = await asked([...members, ...few]);
    expect(texts(flooded)).toEqual(['m2', 'm3', 'm4', 'm5', 'm6', '7', '8', '9', '10', '11']);
    const wordy = await asked([...few, ...members]);
    expect(texts(wordy)).toEqual(['9', '10', '11', 'm0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6']);
    const { evidence } = await asked(few.slice(0, 10));
    expect(evidence[0]?.title).toBe('mona below the issue');
  });

  it('is told the same where its words begin like the name of a check', async () => {
    expect(texts(await asked([{ body: 'It is 3.' }], '/sallyport fix check the price'))).toEqual([
      'It is 3.',
    ]);
  });

  it('is of no check: an issue has none', async () => {
    const world = new World();
    addIssue(world);
    await sayOnIssue(world, 'contributor', '/sallyport fix check "Build and test"');
    expect(told(world)).toContain('An issue has no checks.');
    expect(world.store.tasks.rows.size).toBe(0);
  });

  it('is not planned where GitHub does not tell them', async () => {
    const world = new World();
    addIssue(world);
    world.github.faults.plan({ method: 'conversations.newest', nth: 1, when: 'before' });
    await expect(sayOnIssue(world, 'contributor', '/sallyport fix')).rejects.toThrow('planned');
    expect(world.store.tasks.rows.size).toBe(0);
  });

  it('is asked for in vain by who may not: nothing is looked up', async () => {
    const world = new World();
    addIssue(world);
    world.github.faults.plan({ method: 'conversations.newest', nth: 1, when: 'before' });
    await sayOnIssue(world, 'stranger', '/sallyport fix');
    expect(world.store.tasks.rows.size).toBe(0);
  });
});
