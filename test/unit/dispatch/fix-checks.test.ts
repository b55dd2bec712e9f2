import { describe, expect, it } from 'vitest';
import { keptAsked } from '../../../src/dispatch/asked-work.ts';
import { TaskInput } from '../../../src/protocol/task-input.ts';
import { say } from '../../support/fakes/say.ts';
import { headSha, newerSha, World } from '../../support/fakes/world.ts';
import { askedOf, fixesOf } from './fixes.ts';
import { RunnerScene } from './runner-scene.ts';

const words = { title: 'Failing', summary: '1 test failed', text: 'not ok 3 <!-- -->' };
const annotation = {
  path: 'src/a.js',
  startLine: 1,
  endLine: 2,
  level: 'failure',
  title: 'adds',
  message: 'expected 3',
} as const;
const place = { id: 900, name: 'Build and test', headSha, isJob: false };
const failedRun = { ...place, ...words, annotations: [annotation] };

function withCheck(run: object = {}): World {
  const world = new World();
  world.github.checkRuns.foreign.push({ ...failedRun, ...run });
  return world;
}

describe('a fix of a check that failed', () => {
  it.each([
    ['in quotes', '/sallyport fix check "Build and test" soon', 'soon'],
    ['without', '/sallyport fix check Build and test soon', 'soon'],
    ['and no more', '/sallyport fix check Build and test', null],
  ])('is told of its words and its annotations: its name %s', async (_how, body, instructions) => {
    const world = withCheck();
    await say(world, 'maintainer', body);
    const { task, asked } = await askedOf(world);
    expect(task.instructions).toBe(instructions);
    expect(asked.evidence).toEqual([
      {
        title: 'Check run "Build and test" failed',
        text: 'Failing\n\n1 test failed\n\nnot ok 3 <!-- -->',
      },
    ]);
    expect(asked.findings).toEqual([
      {
        id: 'c0',
        state: 'asked',
        tool: 'check',
        rule: 'Build and test',
        severity: 'error',
        path: 'src/a.js',
        range: { startLine: 1, endLine: 2 },
        message: 'adds\nexpected 3',
      },
    ]);
  });

  it('is refused where the check says nothing and nobody says what is to be done', async () => {
    const silent = { annotations: [], title: null, summary: null, text: null };
    const world = withCheck(silent);
    const answer = await say(world, 'maintainer', '/sallyport fix check "Build and test"');
    expect(answer).toContain('That check does not say what failed.');
    expect(await fixesOf(world)).toEqual([]);
    await say(world, 'maintainer', '/sallyport fix check "Build and test" run make');
    expect(await fixesOf(world)).toMatchObject([{ instructions: 'run make' }]);
  });

  it('takes no place for one that no file can have, and no range that is none', async () => {
    const odd = [
      { ...annotation, path: '../../etc/passwd' },
      { ...annotation, startLine: 0, level: 'notice', title: '', message: '' },
    ] as const;
    const world = withCheck({ annotations: odd, title: null, summary: null, text: '' });
    await say(world, 'maintainer', '/sallyport fix check "Build and test"');
    const { asked } = await askedOf(world);
    expect(asked.findings).toMatchObject([{ id: 'c1', severity: 'info', message: 'failed' }]);
    expect(asked.findings[0]).not.toHaveProperty('range');
    expect(asked.evidence).toMatchObject([{ text: '' }]);
  });

  it.each([
    ['what its job printed last', { text: 'expected 3, got 6' }, 'expected 3, got 6'],
    [
      'that it may not read what its job printed',
      { unread: 'permission' },
      '(Its log was not read: the App may not read logs of Actions (its permission `actions: read`).)',
    ],
    ['that the log is gone', { unread: 'gone' }, '(Its log was not read: GitHub has it no more.)'],
  ] as const)('is told %s', async (_what, log, text) => {
    const silent = { title: null, summary: null, text: null };
    const world = withCheck({ isJob: true, log, ...silent });
    await say(world, 'maintainer', '/sallyport fix check "Build and test"');
    const title = 'Check run "Build and test" failed: the end of its log';
    expect((await askedOf(world)).asked.evidence).toEqual([{ title, text }]);
  });

  it('is told the words of a job beside what it printed', async () => {
    const world = withCheck({ isJob: true, log: { text: 'not ok 3' } });
    await say(world, 'maintainer', '/sallyport fix check "Build and test"');
    const { evidence } = (await askedOf(world)).asked;
    expect(evidence.map((one) => one.text)).toEqual([
      'Failing\n\n1 test failed\n\nnot ok 3 <!-- -->',
      'not ok 3',
    ]);
  });

  it('is refused by what failed in fact', async () => {
    const world = withCheck();
    const answer = await say(world, 'maintainer', '/sallyport fix check "Lint"');
    expect(answer).toContain('Failed: `Build and test`.');
    const newer = withCheck({ headSha: newerSha });
    expect(await say(newer, 'maintainer', '/sallyport fix check "Build and test"')).toContain(
      'No check failed here.',
    );
    expect(await fixesOf(world)).toEqual([]);
  });

  it('is none where the words name none', async () => {
    const world = withCheck();
    await say(world, 'maintainer', '/sallyport fix check the spelling');
    const { task, asked } = await askedOf(world);
    expect(task.instructions).toBe('check the spelling');
    expect(asked).toEqual({ findings: [], evidence: [] });
  });

  it('asks GitHub nothing for who may start no fix', async () => {
    const world = withCheck();
    world.github.checkRuns.failed = () => Promise.reject(new Error('nobody may ask'));
    const answer = await say(world, 'reader', '/sallyport fix check "Build and test"');
    expect(answer).not.toContain('Build and test');
    expect(await fixesOf(world)).toEqual([]);
  });
});

describe('what a fix was asked', () => {
  it('is what its agent is told, and that of a fix that repeats it', async () => {
    const scene = new RunnerScene();
    scene.world.setRules('fix', { agent: 'claude-code' });
    scene.world.github.checkRuns.foreign.push(failedRun);
    await say(scene.world, 'maintainer', '/sallyport fix check "Build and test"');
    const { task } = await askedOf(scene.world);
    await scene.run(task);
    const input = TaskInput.parse(scene.source.bundles[0]?.input);
    expect(input.priorFindings).toMatchObject([{ id: 'c0', state: 'asked', tool: 'check' }]);
    const prompt = scene.source.bundles[0]?.prompt;
    const said = 'Check run "Build and test" failed\n\nFailing\n\n1 test failed\n\nnot ok 3 ';
    // What is hidden on GitHub is shown to the agent for what it is.
    expect(prompt).toContain(`${said}[may be hidden on GitHub:] <!-- -->`);
    expect(prompt).toMatch(/<<<FINDINGS \w+\n\{[^\n]*"state":"asked"[^\n]*expected 3/);
    await say(scene.world, 'maintainer', '/sallyport cancel');
    await say(scene.world, 'maintainer', '/sallyport retry');
    const fixes = await fixesOf(scene.world);
    expect(fixes).toHaveLength(2);
    const again = fixes.find(({ id }) => id !== task.id) ?? task;
    expect((await keptAsked(scene.world.context, again.id)).findings).toHaveLength(1);
  });
});
