import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;
let scene: Scene;

beforeEach(async () => {
  stage = await Stage.start();
  scene = await stage.openPull();
});

afterEach(async () => {
  await stage.gitHub.close();
});

function annotation(line: number, extra: object = {}) {
  const level = 'notice' as const;
  return {
    path: 'src/a.js',
    start_line: line,
    end_line: line,
    annotation_level: level,
    message: 'look',
    ...extra,
  };
}

const ACTION = { label: 'Approve run', description: 'Runs it', identifier: 'approve' };
const OUTPUT = { title: 'T', summary: 'S' };

async function createRun(extra: object = {}): Promise<number> {
  const wish = { ...REPO, name: 'review', head_sha: scene.headSha, ...extra };
  return (await scene.octokit.rest.checks.create(wish)).data.id;
}

async function listRuns(filter: 'latest' | 'all'): Promise<number[]> {
  const wish = { ...REPO, ref: scene.headSha, filter };
  return (await scene.octokit.rest.checks.listForRef(wish)).data.check_runs.map((run) => run.id);
}

describe('a check run', () => {
  test('is created, completed and read back, and its annotations are appended', async () => {
    const id = await createRun({ external_id: 'pr-1' });
    const { checks } = scene.octokit.rest;
    await checks.update({
      ...REPO,
      check_run_id: id,
      output: { ...OUTPUT, annotations: [annotation(1)] },
    });
    const output = { ...OUTPUT, annotations: [annotation(2)] };
    await checks.update({ ...REPO, check_run_id: id, conclusion: 'neutral', output });
    const { data } = await checks.get({ ...REPO, check_run_id: id });
    expect(data).toMatchObject({ status: 'completed', conclusion: 'neutral', external_id: 'pr-1' });
    expect(data.pull_requests.map((one) => one.number)).toEqual([scene.number]);
    const listed = await checks.listAnnotations({ ...REPO, check_run_id: id });
    expect(listed.data.map((one) => one.start_line)).toEqual([1, 2]);
    await stage.gitHub.settled();
    expect(stage.gitHub.violations).toEqual([]);
  });

  test.each([
    [
      '51 annotations',
      {
        output: { ...OUTPUT, annotations: Array.from({ length: 51 }, (_, i) => annotation(i + 1)) },
      },
    ],
    ['4 actions', { actions: [ACTION, ACTION, ACTION, ACTION] }],
    ['a label of 21 characters', { actions: [{ ...ACTION, label: 'x'.repeat(21) }] }],
    ['a description of 41 characters', { actions: [{ ...ACTION, description: 'x'.repeat(41) }] }],
    ['an identifier of 21 characters', { actions: [{ ...ACTION, identifier: 'x'.repeat(21) }] }],
    ['a summary of 65,536 characters', { output: { ...OUTPUT, summary: 'x'.repeat(65_536) } }],
    ['a field that does not exist', { verdict: 'fine' }],
    ['a status of Actions', { status: 'waiting' }],
  ])('with %s breaks the published contract: refused and recorded', async (_, extra) => {
    await stage.expectUnprocessable(createRun(extra));
    expect(stage.gitHub.checkRuns(NAME, scene.headSha)).toEqual([]);
    expect(stage.gitHub.violations).toMatchObject([
      { direction: 'request', operation: 'checks/create' },
    ]);
  });

  test.each([
    ['completed without a conclusion', { status: 'completed' }],
    ['the conclusion that only GitHub sets', { conclusion: 'stale' }],
    ['output without a title', { output: { summary: 'S', title: undefined } }],
    [
      'an annotation that ends before it starts',
      { output: { ...OUTPUT, annotations: [annotation(5, { end_line: 4 })] } },
    ],
    ['an annotation on line 0', { output: { ...OUTPUT, annotations: [annotation(0)] } }],
    [
      'columns over two lines',
      { output: { ...OUTPUT, annotations: [annotation(5, { end_line: 6, start_column: 1 })] } },
    ],
    [
      'an annotation title of 256 characters',
      { output: { ...OUTPUT, annotations: [annotation(5, { title: 'x'.repeat(256) })] } },
    ],
    [
      'a message over 64 KB',
      { output: { ...OUTPUT, annotations: [annotation(5, { message: 'x'.repeat(65_537) })] } },
    ],
  ])('with %s is refused', async (_, extra) => {
    await stage.expectUnprocessable(createRun(extra));
    expect(stage.gitHub.checkRuns(NAME, scene.headSha)).toEqual([]);
  });

  test('on a commit that does not exist is refused', async () => {
    const head_sha = '0'.repeat(40);
    await stage.expectUnprocessable(createRun({ head_sha }));
    expect(stage.gitHub.checkRuns(NAME, head_sha)).toEqual([]);
  });

  test('of another App cannot be changed', async () => {
    const run = await stage.gitHub.addForeignCheckRun(NAME, scene.headSha, 'build');
    const wish = { ...REPO, check_run_id: run.id, conclusion: 'failure' as const };
    await expect(scene.octokit.rest.checks.update(wish)).rejects.toMatchObject({ status: 403 });
    expect(run.conclusion).toBe('success');
  });

  test('replaces the older one of its name in the latest list, and both are in the full one', async () => {
    const [first, second] = [await createRun(), await createRun()];
    expect(await listRuns('latest')).toEqual([second]);
    expect(await listRuns('all')).toEqual([second, first]);
  });

  test('that goes back to in_progress loses its conclusion', async () => {
    const id = await createRun({ conclusion: 'success' });
    const wish = { ...REPO, check_run_id: id, status: 'in_progress' as const };
    const { data } = await scene.octokit.rest.checks.update(wish);
    expect([data.status, data.conclusion, data.completed_at]).toEqual(['in_progress', null, null]);
  });

  test('of a fork names no pull request and no branch', async () => {
    await stage.gitHub.fork(NAME, 'stranger');
    const { sha } = await stage.gitHub.pushBranch('stranger/widget', 'evil', {
      files: { 'b.js': '1\n' },
    });
    const wish = {
      repo: NAME,
      headRepo: 'stranger/widget',
      author: 'stranger',
      head: 'evil',
      title: 'Fork',
    };
    await stage.gitHub.openPullRequest(wish);
    const { data } = await scene.octokit.rest.checks.create({
      ...REPO,
      name: 'review',
      head_sha: sha,
    });
    expect(data.pull_requests).toEqual([]);
    const suites = await scene.octokit.rest.checks.listSuitesForRef({ ...REPO, ref: sha });
    expect(suites.data.check_suites.map((suite) => suite.head_branch)).toEqual([null]);
  });
});

describe('buttons', () => {
  test('a click on an action tells the App who clicked', async () => {
    const id = await createRun({
      conclusion: 'action_required',
      output: OUTPUT,
      actions: [ACTION],
    });
    const delivery = await stage.gitHub.clickCheckAction(id, 'approve', 'mona');
    expect(JSON.parse(delivery?.body ?? '{}')).toMatchObject({
      action: 'requested_action',
      requested_action: { identifier: 'approve' },
      sender: { login: 'mona' },
      check_run: { id, app: { id: stage.gitHub.world.app.id } },
    });
    await stage.gitHub.settled();
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('actions show only on a completed run', async () => {
    const id = await createRun({ status: 'in_progress', actions: [ACTION] });
    await expect(stage.gitHub.clickCheckAction(id, 'approve', 'mona')).rejects.toThrow('no button');
  });

  test('re-run resets the suite and leaves the run as it is', async () => {
    const id = await createRun({ conclusion: 'failure' });
    await stage.gitHub.rerequestCheckRun(id, 'mona');
    const { data } = await scene.octokit.rest.checks.get({ ...REPO, check_run_id: id });
    expect(data.conclusion).toBe('failure');
    const suite_id = data.check_suite?.id ?? 0;
    const suite = await scene.octokit.rest.checks.getSuite({ ...REPO, check_suite_id: suite_id });
    expect([suite.data.status, suite.data.conclusion]).toEqual(['queued', null]);
  });
});
