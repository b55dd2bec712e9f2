import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;
let issue: number;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
  issue = await stage.gitHub.openIssue(NAME, 'mona', 'It breaks', 'When I press it.');
  stage.gitHub.addLabels(NAME, 'Bug');
});

afterEach(async () => {
  await stage.gitHub.settled();
  const { violations } = stage.gitHub;
  await stage.gitHub.close();
  expect(violations).toEqual([]);
});

/** What was delivered of labels and new issues, oldest first. */
function told(): unknown[] {
  return stage.gitHub.deliveries
    .filter(({ event, action }) => event === 'issues' || action === 'labeled')
    .map(({ event, action, body }) => {
      const { label, issue: about, pull_request: pull } = JSON.parse(body) as Payload;
      return [event, action, (about ?? pull)?.number, label?.name];
    });
}

interface Payload {
  readonly label?: { readonly name: string };
  readonly issue?: { readonly number: number };
  readonly pull_request?: { readonly number: number };
}

describe('labels', () => {
  test('are found in any case, and not found where there are none', async () => {
    const { rest } = scene.octokit;
    const { data } = await rest.issues.getLabel({ ...REPO, name: 'bUG' });
    expect(data).toMatchObject({ name: 'Bug', color: 'ededed', default: false });
    const missing = rest.issues.getLabel({ ...REPO, name: 'docs/typo' });
    await expect(missing).rejects.toMatchObject({ status: 404 });
  });

  test('are put on once, made where they are missing, and told of one by one', async () => {
    const { rest } = scene.octokit;
    const at = { ...REPO, issue_number: issue };
    await rest.issues.addLabels({ ...at, labels: ['bug'] });
    const { data } = await rest.issues.addLabels({ ...at, labels: ['BUG', 'new one', 'docs'] });
    expect(data.map(({ name }) => name)).toEqual(['Bug', 'new one', 'docs']);
    expect((await rest.issues.get(at)).data.labels).toMatchObject(data);
    expect(stage.gitHub.labelsOf(NAME, issue)).toEqual(['Bug', 'new one', 'docs']);
    await stage.gitHub.settled();
    expect(told()).toEqual([
      ['issues', 'opened', issue, undefined],
      ['issues', 'labeled', issue, 'Bug'],
      ['issues', 'labeled', issue, 'new one'],
      ['issues', 'labeled', issue, 'docs'],
    ]);
  });

  test('are put on pull requests too, as an event of those', async () => {
    const { rest } = scene.octokit;
    await rest.issues.addLabels({ ...REPO, issue_number: scene.number, labels: ['Bug'] });
    const pull = await rest.pulls.get({ ...REPO, pull_number: scene.number });
    expect(pull.data.labels).toMatchObject([{ name: 'Bug' }]);
    await stage.gitHub.settled();
    expect(told().at(-1)).toEqual(['pull_request', 'labeled', scene.number, 'Bug']);
  });

  test('want an issue that is there, and the permission to write', async () => {
    const { rest } = scene.octokit;
    const labels = ['Bug'];
    const nowhere = rest.issues.addLabels({ ...REPO, issue_number: 99, labels });
    await expect(nowhere).rejects.toMatchObject({ status: 404 });
    const { data } = await stage.asApp().rest.apps.createInstallationAccessToken({
      installation_id: scene.installationId,
      permissions: { issues: 'read', contents: 'write' },
    });
    const reader = stage.withToken(data.token).rest.issues;
    expect((await reader.getLabel({ ...REPO, name: 'Bug' })).status).toBe(200);
    const writing = reader.addLabels({ ...REPO, issue_number: issue, labels });
    await expect(writing).rejects.toMatchObject({ status: 403 });
    expect(stage.gitHub.labelsOf(NAME, issue)).toEqual([]);
  });
});
