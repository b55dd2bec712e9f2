import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdapterStage, endAdapterStage, startAdapterStage } from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(() => endAdapterStage(at));

describe('webhooks that did not come through', () => {
  it('are listed with their guid and their failure, newest first', async () => {
    const { deliveries } = await at.gitHub.hookDeliveries.list();
    const sent = at.stage.gitHub.deliveries.toReversed();
    expect(deliveries).toEqual(
      sent.map(({ id, guid, event, action, deliveredAt }) => ({
        id,
        guid,
        event,
        action,
        atMs: Date.parse(deliveredAt),
        isTaken: false,
        isRedelivery: false,
      })),
    );
    expect(deliveries.map(({ event }) => event)).toContain('pull_request');
  });

  it('are listed page by page', async () => {
    for (let times = 0; times < 105; times += 1) {
      await at.stage.gitHub.comment(NAME, at.scene.number, 'mona', 'hello');
    }
    const first = await at.gitHub.hookDeliveries.list();
    expect(first.deliveries).toHaveLength(100);
    const second = await at.gitHub.hookDeliveries.list(first.next);
    expect(second.next).toBeUndefined();
    const ids = [...first.deliveries, ...second.deliveries].map(({ id }) => id);
    expect(ids).toEqual(at.stage.gitHub.deliveries.map(({ id }) => id).toReversed());
  });

  it('are sent again under their guid when that is asked for', async () => {
    const [newest] = (await at.gitHub.hookDeliveries.list()).deliveries;
    await at.gitHub.hookDeliveries.redeliver(newest?.id ?? 0);
    await at.stage.gitHub.settled();
    const [again] = (await at.gitHub.hookDeliveries.list()).deliveries;
    expect(again).toMatchObject({ guid: newest?.guid, isRedelivery: true });
  });

  it('that GitHub has forgotten are a coded refusal', async () => {
    const asked = at.gitHub.hookDeliveries.redeliver(1);
    await expect(asked).rejects.toMatchObject({ code: 'github.not-found' });
  });
});

describe('what the App reaches', () => {
  it('are its installations and their repositories, with or without work in them', async () => {
    const { reach } = at.gitHub;
    const { installationId } = at.repository;
    expect(await reach.installations()).toEqual([installationId]);
    const { repositories, hasMore } = await reach.repositories(installationId, 1);
    expect(repositories).toContainEqual(at.repository);
    expect(hasMore).toBe(false);
    expect((await reach.repositories(installationId, 2)).repositories).toEqual([]);
    const unknown = reach.repositories(installationId + 1, 1);
    await expect(unknown).rejects.toMatchObject({ code: 'github.not-found' });
  });

  it('are none of a suspended installation', async () => {
    const { installationId } = at.repository;
    await at.stage.gitHub.suspendApp(NAME);
    expect(await at.gitHub.reach.installations()).toEqual([]);
    const asked = at.gitHub.reach.repositories(installationId, 1);
    await expect(asked).rejects.toMatchObject({ code: 'github.forbidden' });
  });
});

describe('what is open', () => {
  it('are pull requests with their head and author, and no closed one', async () => {
    const author = { id: at.stage.gitHub.addUser('mona').id, login: 'mona', type: 'User' };
    const { number } = at.scene;
    const open = () => at.gitHub.pullRequests.listOpen(at.repository, 1);
    const pull = { number, headSha: at.headSha, baseRef: 'main', isDraft: false, author };
    expect(await open()).toMatchObject({ pulls: [pull], hasMore: false });
    const beyond = await at.gitHub.pullRequests.listOpen(at.repository, 2);
    expect(beyond).toEqual({ pulls: [], hasMore: false });
    await at.stage.gitHub.closePullRequest(NAME, number, 'mona');
    expect((await open()).pulls).toEqual([]);
  });

  it('are pull requests of the repository that is meant, not of one that took its name', async () => {
    const { repositoryId } = at.repository;
    const other = { ...at.repository, repositoryId };
    expect((await at.gitHub.pullRequests.listOpen(other, 1)).pulls).toHaveLength(1);
    const stranger = at.gitHub.pullRequests.listOpen({ ...other, repositoryId: 1 }, 1);
    await expect(stranger).rejects.toThrow('GitHub');
  });

  it('are our own check runs of a commit, newest first', async () => {
    const output = { title: 'Review', summary: 'Under way.' };
    const run = { name: 'sallyport', headSha: at.headSha, output };
    const { checkRuns } = at.gitHub;
    const done = { status: 'completed', conclusion: 'neutral' } as const;
    const one = await checkRuns.create(at.repository, { ...run, externalId: 't1', state: done });
    const open = { status: 'queued' } as const;
    const two = await checkRuns.create(at.repository, { ...run, externalId: 't2', state: open });
    await at.stage.gitHub.addForeignCheckRun(NAME, at.headSha, 'sallyport');
    expect(await checkRuns.list(at.repository, at.headSha)).toEqual([
      { id: two, name: 'sallyport', externalId: 't2', conclusion: null },
      { id: one, name: 'sallyport', externalId: 't1', conclusion: 'neutral' },
    ]);
  });
});
