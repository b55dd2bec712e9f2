import { describe, expect, it } from 'vitest';
import type { EffectiveTask } from '../../../../src/policy/effective-policy.ts';
import { taskInWords } from '../../../../src/report/policy/task-words.ts';
import { folded } from '../../policy/fixture.ts';

function words(repository: string, name = 'fix', organisation?: string) {
  const layers = organisation === undefined ? { repository } : { repository, organisation };
  const task = folded(layers).policy.tasks[name] as EffectiveTask;
  return Object.fromEntries(taskInWords(name, task));
}

describe('a task in words', () => {
  it('says everything that a default task may', () => {
    expect(words('')).toEqual({
      agent: 'claude-code in a runc sandbox',
      starts: 'not by itself',
      'quiet hours': 'none',
      command: '/sallyport fix',
      'may run': 'at least write permission',
      'gate 1': 'forks, and authors who may not run, wait for somebody who may',
      reaches: 'claude',
      writes:
        'a check run, at most 20 comments and 5 on whole files, suggestions that a person takes',
      'gate 2':
        '1 approval by at least write permission; void after 168 hours; at most 200 files and 8388608 bytes',
      never: 'files of 5 protected patterns',
      check: 'fails on error; neutral when Sallyport fails',
      budgets: 'the organisation: 2000 tasks, $200.00',
    });
  });

  it('says no more of one that is switched off', () => {
    expect(words('tasks: { fix: { enabled: false } }')).toEqual({
      starts: 'never: it is switched off',
    });
  });

  it.each([
    [
      'tasks: { fix: { triggers: { events: [labeled], branches: [main], paths: [a], ignorePaths: [b], labels: { any: [c], none: [d] }, drafts: true } } }',
      'starts',
      'on labeled; for base branches main; when files change of a; not counting b; with a label of c; without the labels d; drafts too',
    ],
    ['tasks: { fix: { triggers: { events: [opened] } } }', 'starts', 'on opened; not for drafts'],
    ['tasks: { fix: { triggers: { command: false } } }', 'command', 'none'],
    [
      'quietHours: [{ days: [sat, sun], from: "00:00", to: "24:00", timeZone: UTC }]',
      'quiet hours',
      'sat, sun 00:00 to 24:00 UTC',
    ],
    [
      'run: { permission: maintain, teams: [a/b], users: [mona], codeOwners: true, author: true }',
      'may run',
      'at least write permission and (at least maintain permission or members of a/b or mona or code owners or the author)',
    ],
    ['run: { users: [mona] }', 'may run', 'at least write permission and mona'],
    [
      'forks: refuse',
      'gate 1',
      'forks are refused; authors who may not run wait for somebody who may',
    ],
    ['tasks: { fix: { egress: { use: [] } } }', 'reaches', 'nothing'],
    ['outputs: { comments: none, suggestions: none }', 'writes', 'a check run'],
    [
      'review: { maxComments: 1, maxFileComments: 0 }',
      'writes',
      'a check run, at most 1 comment, suggestions that a person takes',
    ],
    ['outputs: { patch: none }', 'gate 2', 'shut: no patch is written'],
    [
      'approvals: { count: 2, requesterMayApprove: false, codeOwners: true, expiresAfterHours: 1 }\npatch: { paths: [docs/**], maxFiles: 1, maxBytes: 9 }',
      'gate 2',
      '2 approvals by at least write permission; not by who asked for it; owned files by one of their owners; void after 1 hour; at most 1 file and 9 bytes; files of docs/** alone',
    ],
    [
      'budgets: { perTask: { requests: 2 }, perPullRequest: { minutes: 1, tokens: 7, requests: 1 }, perRepository: {} }',
      'budgets',
      'a task: 2 requests; a pull request: 1 minute, 7 tokens, 1 request; the organisation: 2000 tasks, $200.00',
    ],
  ])('%s', (text, about, sentence) => {
    expect(words(text)[about]).toBe(sentence);
  });

  it('says that pull requests from outside run, where the operator lets them', () => {
    const open = (text: string) =>
      text.replace('forks: wait', 'forks: run').replace(/^budgets:\n.*\n/m, '');
    const task = folded({ operator: open }).policy.tasks['review'] as EffectiveTask;
    const said = Object.fromEntries(taskInWords('review', task));
    expect(said['gate 1']).toBe('open: pull requests from outside run');
    expect(said['budgets']).toBe('none');
    expect(said['command']).toBe('/sallyport review');
  });

  it('says what else the operator lets it write', () => {
    const review =
      'summaryComment: sticky, inline: findings, linkHosts: [docs.example, go.example]';
    const wide = (text: string) =>
      text
        .replace('maxComments: 20', `maxComments: 20, ${review}`)
        .replace('suggestions: automatic', 'suggestions: none');
    const task = folded({ operator: wide }).policy.tasks['fix'] as EffectiveTask;
    expect(Object.fromEntries(taskInWords('fix', task))['writes']).toBe(
      'a check run, at most 20 comments on findings and 5 on whole files, one comment with the result that is edited in place, links to docs.example and go.example',
    );
  });

  it('names image and instructions, and the command of a task of its own name', () => {
    const image = `sha256:${'1'.repeat(64)}`;
    const own = `tasks: { docs: { within: fix, image: "${image}", instructions: a.md, egress: { use: [] } } }`;
    expect(words(own, 'docs')).toMatchObject({
      agent: `claude-code in a runc sandbox of ${image}, told by a.md`,
      within: 'fix, whose budgets it shares',
      command: '/sallyport run docs',
    });
  });
});
