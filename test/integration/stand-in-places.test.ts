import { afterEach, beforeEach, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
});

afterEach(async () => {
  const { gitHub } = stage;
  await gitHub.settled();
  const { violations } = gitHub;
  await gitHub.close();
  expect(violations).toEqual([]);
});

/** Events since the scene was set, as `event.action`. */
async function eventsOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = stage.gitHub.deliveries.length;
  await act();
  return stage.gitHub.deliveries.slice(before).map(({ event, action }) => `${event}.${action}`);
}

test('what moves, and what takes the App away, is told with payloads that GitHub publishes', async () => {
  const { gitHub } = stage;
  const { number, installationId } = scene;
  await gitHub.pushBranch(NAME, 'release', { files: { a: 'a\n' } });
  const acts: readonly [() => Promise<unknown>, string][] = [
    [() => gitHub.retargetPullRequest(NAME, number, 'release'), 'pull_request.edited'],
    [
      () => gitHub.selectRepository(NAME, false, installationId),
      'installation_repositories.removed',
    ],
    [() => gitHub.selectRepository(NAME, true, installationId), 'installation_repositories.added'],
    [() => gitHub.suspendApp(NAME), 'installation.suspend'],
    [() => gitHub.unsuspendApp(NAME), 'installation.unsuspend'],
    [() => gitHub.renameRepository(NAME, 'gadget'), 'repository.renamed'],
  ];
  for (const [act, event] of acts) expect(await eventsOf(act)).toEqual([event]);
  await gitHub.createRepository({ owner: 'hexa', name: 'else', seed: { files: { a: 'a\n' } } });
  await gitHub.installApp('hexa/else');
  const transfer = () => gitHub.transferRepository('acme/gadget', 'hexa');
  expect(await eventsOf(transfer)).toEqual(['repository.transferred']);
  const away = () => gitHub.deleteRepository('hexa/gadget');
  expect(await eventsOf(away)).toEqual(['repository.deleted']);
  expect(await eventsOf(() => gitHub.uninstallApp('hexa/else'))).toEqual(['installation.deleted']);
});

test('a merge queue asks for checks on a commit of its own, and gives it up', async () => {
  const { gitHub } = stage;
  const group = await gitHub.requestMerge(NAME, scene.number);
  const { parents } = await gitHub.commit(NAME, group.headSha);
  expect(parents[0]).toBe(scene.headSha);
  await gitHub.destroyMerge(group);
  const events = gitHub.deliveries.slice(-2).map(({ event, action }) => `${event}.${action}`);
  expect(events).toEqual(['merge_group.checks_requested', 'merge_group.destroyed']);
});

test('a suspended App hears of nothing and may do nothing, with a token of before either', async () => {
  const { gitHub } = stage;
  const read = () => scene.octokit.rest.pulls.get({ ...REPO, pull_number: scene.number });
  await read();
  await gitHub.suspendApp(NAME);
  await expect(read()).rejects.toMatchObject({ status: 403 });
  const fresh = stage.asInstallation(scene.installationId);
  const minted = fresh.rest.pulls.get({ ...REPO, pull_number: scene.number });
  await expect(minted).rejects.toMatchObject({ status: 403 });
  expect(await eventsOf(() => gitHub.comment(NAME, scene.number, 'mona', 'hello'))).toEqual([]);
  await gitHub.unsuspendApp(NAME);
  await read();
});

test('a former name leads to the repository, for reading and for writing', async () => {
  await stage.gitHub.renameRepository(NAME, 'gadget');
  const { pulls, checks } = scene.octokit.rest;
  const { data } = await pulls.get({ ...REPO, pull_number: scene.number });
  expect(data.base.repo.full_name).toBe('acme/gadget');
  await checks.create({ ...REPO, name: 'review', head_sha: scene.headSha });
  expect(stage.gitHub.checkRuns('acme/gadget', scene.headSha)).toHaveLength(1);
});
