import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { PriorFinding } from '../../../src/protocol/task-input.ts';
import { readReport } from '../../../workers/supervisor/report/read-report.ts';
import { call, McpScene } from '../../support/mcp/mcp-scene.ts';
import { doneFix } from '../../support/report/left-report.ts';

const prior = (id: string): PriorFinding => ({
  id,
  state: 'asked',
  tool: 'probe',
  rule: 'leak',
  severity: 'error',
  path: RepoPath.parse('src/a.ts'),
  message: 'A leak.',
});

const reportIn = (scene: McpScene) =>
  readReport(
    { out: join(scene.root, 'out'), workspace: join(scene.root, 'workspace') },
    { ...doneFix, kind: 'review' },
  ).report;

describe('an agent that judges', () => {
  let scene: McpScene;
  let client: Client;
  beforeAll(async () => {
    scene = new McpScene({ purpose: 'judge', priorFindings: [prior('a'), prior('b')] });
    client = await scene.connect();
  });
  beforeEach(() => scene.forget());
  afterAll(() => scene.close());

  const judge = (part: object = {}) =>
    call(client, 'judge_finding', { id: 'a', verdict: 'confirmed', reason: 'Seen.', ...part });

  it('has an opinion of each finding, the word of each that speaks most for it', async () => {
    expect((await judge({ verdict: 'unsure' })).text).toBe('Kept. Without one: b (1).');
    await judge();
    const last = await judge({ id: 'b', verdict: 'refuted', reason: 'x\ud800' });
    expect(last.text).toBe('Kept. Every finding has an opinion.');
    expect(reportIn(scene)?.opinions).toEqual([
      { id: 'a', verdict: 'confirmed', reason: 'Seen.' },
      { id: 'b', verdict: 'refuted', reason: 'x\ufffd' },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['a finding that there is not', { id: 'c' }, /no finding "c"/],
    ['another verdict', { verdict: 'wrong' }, /verdict: .*"refuted"/],
    ['no reason', { reason: null }, /reason: /],
    ['a reason without end', { reason: 'x'.repeat(1_001) }, /reason: .*1000/],
    ['more than it is asked', { severity: 'info' }, /Unrecognized key/],
  ])('is refused in words for %s', async (_, part, why) => {
    const { text, isError } = await judge(part);
    expect([text, isError]).toEqual([expect.stringMatching(why), true]);
    expect(readdirSync(join(scene.root, 'out'))).toEqual([]);
  });
});

describe('an agent that sorts issues', () => {
  let scene: McpScene;
  let client: Client;
  beforeAll(async () => {
    scene = new McpScene({ purpose: 'triage', labels: ['bug', 'Question'] });
    client = await scene.connect();
  });
  beforeEach(() => scene.forget());
  afterAll(() => scene.close());

  const propose = (args: object) => call(client, 'propose_labels', args);

  it('proposes labels and an answer; the last word counts', async () => {
    await propose({ labels: ['question'] });
    const { text } = await propose({ labels: ['bug', 'bug'], answer: 'Thank you.' });
    expect(text).toBe('Kept: 1 labels and an answer.');
    expect(reportIn(scene)?.triage).toEqual({ labels: ['bug'], answer: 'Thank you.' });
    expect(readdirSync(join(scene.root, 'out'))).toEqual(['triage.json']);
  });

  it('spells labels as they are listed', async () => {
    await propose({ labels: ['BUG', 'question', 'bug'] });
    expect(reportIn(scene)?.triage?.labels).toEqual(['bug', 'Question']);
  });

  it('has no label to propose where none is listed', async () => {
    const bare = new McpScene({ purpose: 'triage' });
    const answer = await call(await bare.connect(), 'propose_labels', { labels: ['bug'] });
    expect(answer.text).toMatch(/"bug" is not one of yours: there are none/);
    expect(answer.isError).toBe(true);
    await bare.close();
  });

  it('may have nothing to propose', async () => {
    await propose({ labels: [], answer: null });
    expect(reportIn(scene)?.triage).toEqual({ labels: [], answer: null });
  });

  it('does not write through a link that lies in its place', async () => {
    scene.write('workspace/kept', 'kept');
    symlinkSync(join(scene.root, 'workspace/kept'), join(scene.root, 'out/triage.json'));
    await propose({ labels: ['bug'] });
    expect(scene.read('workspace/kept')).toBe('kept');
    expect(reportIn(scene)?.triage?.labels).toEqual(['bug']);
  });

  it('is told when something that is no file lies there', async () => {
    mkdirSync(join(scene.root, 'out/triage.json'));
    const { text, isError } = await propose({ labels: ['bug'] });
    expect([text, isError]).toEqual([expect.stringMatching(/^That failed: EISDIR/), true]);
  });

  it.each<[string, object, RegExp]>([
    ['labels that are no list', { labels: 'bug' }, /labels: .*array/],
    ['too many', { labels: Array.from({ length: 11 }, (_, at) => `l${at}`) }, /labels: .*10/],
    ['a label without a name', { labels: [''] }, /labels\.0: /],
    ['one that is not listed', { labels: ['bug', 'p0'] }, /"p0".*there are "bug", "Question"/],
    ['an answer without end', { labels: [], answer: 'x'.repeat(4_001) }, /answer: .*4000/],
  ])('is refused in words for %s', async (_, args, why) => {
    const { text, isError } = await propose(args);
    expect([text, isError]).toEqual([expect.stringMatching(why), true]);
    expect(readdirSync(join(scene.root, 'out'))).toEqual([]);
  });
});
