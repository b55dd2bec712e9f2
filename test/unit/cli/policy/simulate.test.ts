import { describe, expect, it } from 'vitest';
import { checkRunPayload, commentPayload, reviewCommentPayload } from '../../webhooks/payloads.ts';
import { policyIn } from './policy-places.ts';
import { openedPayload } from './simulate-payloads.ts';

const noon = ['--at', '2026-03-04T12:00:00Z'];
const mayWrite = ['--permission', 'mona=write'];

/** What is told of a payload under a repository's layer. */
async function told(
  event: string,
  payload: object,
  { layer = '', args = [] }: { layer?: string; args?: readonly string[] } = {},
): Promise<string> {
  const policy = policyIn({
    'event.json': JSON.stringify({ event, payload }),
    'mine.yml': `version: 1\n${layer}`,
  });
  const given = ['--event', 'event.json', '--repository', 'mine.yml', ...noon, ...args];
  const { code, out } = await policy('simulate', ...given);
  expect(code).toBe(0);
  return out;
}

describe('policy simulate, of a pull request', () => {
  it('says step by step what each task would do', async () => {
    const out = await told('pull_request', openedPayload(), { args: mayWrite });
    expect(out).toContain('pull_request at 2026-03-04T12:00:00.000Z, by the policy of mine.yml\n');
    expect(out).toMatch(/^ {2}review: runs$/m);
    expect(out).toMatch(/gate 1 +go on +tasks\.review\.run +mona is among who may\./);
    expect(out).toMatch(/^ {2}fix: stays$/m);
  });

  it('takes for a no what the payload does not say', async () => {
    const out = await told('pull_request', openedPayload());
    expect(out).toMatch(/gate 1 +wait .* the permission of mona could not be read/);
    expect(out).toContain('may let it run  at least write permission');
  });

  it.each([
    ['another repository', { id: 2 }],
    ['a deleted one', null],
  ])('tells a fork by its head in %s', async (_what, repo) => {
    const payload = openedPayload({ head: { sha: 'a'.repeat(40), ref: 'x', repo } });
    expect(await told('pull_request', payload, { args: mayWrite })).toContain(
      'It comes from a fork.',
    );
  });

  it('knows labels, drafts, changed files and the hour', async () => {
    const layer = 'tasks: { review: { triggers: { paths: [src/**], labels: { none: [wip] } } } }';
    const say = (payload: object, ...args: readonly string[]) =>
      told('pull_request', payload, { layer, args });
    expect(await say(openedPayload({ labels: [{ name: 'WIP' }] }))).toContain(
      'triggers.labels.none',
    );
    expect(await say(openedPayload({ draft: true }))).toContain('tasks.review.triggers.drafts');
    expect(await say(openedPayload(), '--path', 'a.md')).toContain('tasks.review.triggers.paths');
    expect(await say(openedPayload(), '--path', 'src/a')).toContain('review: waits');
    const quiet = 'quietHours: [{ days: [wed], from: "11:00", to: "13:00", timeZone: UTC }]';
    expect(await told('pull_request', openedPayload(), { layer: quiet })).toContain(
      'Until 2026-03-04T13:00:00.000Z.',
    );
  });

  it.each([
    ['another action', { action: 'locked' }, 'does nothing on this action'],
    ['closing', { action: 'closed' }, 'Its tasks that still live are ended.'],
    ['too little', { pull_request: { head: { sha: 'a'.repeat(40) } } }, 'does not say how'],
    ['a payload that does not fit', { number: 'x' }, 'It does not fit: number: invalid_type.'],
  ])('says what becomes of %s', async (_what, more, words) => {
    expect(await told('pull_request', openedPayload({}, more))).toContain(words);
  });
});

describe('policy simulate, of a comment', () => {
  const say = (body: string, layer = '', more: object = {}) =>
    told('issue_comment', commentPayload(more, { body }), { layer, args: mayWrite });

  it.each([
    ['/sallyport fix tidy up', '/sallyport fix: ', /^ {2}fix: runs$/m],
    ['/sallyport run docs', '/sallyport run docs: ', /^ {2}docs: stays$/m],
    ['/sallyport run fix a=1', '/sallyport run fix: ', /Answered: `fix` takes no values\./],
    [
      '/sallyport help\n'.repeat(6),
      'the commands after them: ',
      /Answered: the first 5 are taken\./,
    ],
    ['/sallyport approve', '/sallyport approve: ', /review: may not\. .* fix: may decide\./],
    ['/sallyport cancel', '/sallyport cancel: ', /Done\. mona is among who may\./],
    ['/sallyport status', '/sallyport status: ', /Answered, whoever asks\./],
    ['/sallyport aprove', '/sallyport aprove: ', /did you mean approve\?/],
    ['/sallyport frobnicate', '/sallyport frobnicate: ', /there is no such command\.$/m],
    ['/sallyport approve X', '/sallyport approve: ', /Answered: it takes the id/],
  ])('%s', async (body, act, words) => {
    const out = await say(body);
    expect(out).toContain(`\n${act}`);
    expect(out).toMatch(words);
  });

  it('takes the name of a task for a command, as the App does', async () => {
    const layer = 'tasks: { docs: { within: fix, triggers: { command: true } } }';
    expect(await say('/sallyport docs', layer)).toMatch(/^ {2}docs: runs$/m);
    expect(await say('/sallyport docs')).toMatch(/there is no such command/);
  });

  it('takes short forms where the policy does', async () => {
    expect(await say('/review')).toContain('No line of the comment is a command.');
    expect(await say('/review', 'commands: { short: true }')).toMatch(/^ {2}review: runs$/m);
  });

  it('refuses who may not, and says who may', async () => {
    const out = await told('issue_comment', commentPayload(), {
      args: ['--permission', 'mona=read'],
    });
    expect(out).toMatch(/^ {2}review: refused$/m);
    expect(out).toContain('It takes `write` permission or more; mona has `read` permission.');
  });

  it('knows the author of the pull request', async () => {
    const issue = { number: 9, pull_request: {}, user: { id: 5 } };
    const layer = 'run: { permission: write, author: true }';
    expect(await say('/sallyport review', layer, { issue })).toMatch(/^ {2}review: runs$/m);
  });

  it.each([
    [
      'a bot',
      { sender: { id: 5, login: 'mona', type: 'Bot' } },
      'Comments by bots command nothing.',
    ],
    ['an issue', { issue: { number: 9 } }, '`review` is for pull requests; this is an issue.'],
    ['an edit', { action: 'edited' }, 'does nothing on this action'],
  ])('says what becomes of a comment of %s', async (_what, more, words) => {
    expect(await say('/sallyport review', '', more)).toContain(words);
  });

  it('plans a fix on an issue, and takes nobody for its author', async () => {
    const issue = { number: 9, user: { id: 5 } };
    expect(await say('/sallyport fix', '', { issue })).toMatch(/^ {2}fix: runs$/m);
    const layer = 'run: { author: true }';
    expect(await say('/sallyport fix', layer, { issue })).toMatch(/^ {2}fix: refused$/m);
  });

  it('says that threads of others do not count, and that comments of our own do nothing', async () => {
    const thread = await told('pull_request_review_comment', reviewCommentPayload());
    expect(thread).toContain('in threads of Sallyport’s own alone');
    const own = commentPayload({}, { performed_via_github_app: { id: 4242 } });
    expect(await told('issue_comment', own)).toContain('The comment is the App’s own.');
    const start = reviewCommentPayload({}, { in_reply_to_id: null });
    expect(await told('pull_request_review_comment', start)).toContain('It starts a thread');
  });
});

describe('policy simulate, of a click', () => {
  it.each([
    ['apply', /^Apply: review: may not\. .* fix: may\./m],
    ['reject', /^Reject: /m],
    ['re-run', /^Re-run: /m],
    ['approve-run', /^Approve run: review: may\./m],
    ['other', /No button has this identifier\./],
  ])('%s', async (identifier, words) => {
    const payload = checkRunPayload({ requested_action: { identifier } });
    expect(await told('check_run', payload, { args: mayWrite })).toMatch(words);
  });

  it('re-run asks who may run; the run of another App asks for nothing', async () => {
    const again = checkRunPayload({ action: 'rerequested' });
    expect(await told('check_run', again, { args: mayWrite })).toMatch(/^Re-run: review: may\./m);
    expect(await told('check_run', checkRunPayload({}, { app: { id: 1 } }))).toContain(
      'APP_ID says which is ours',
    );
    expect(await told('installation', {})).toContain('does nothing on this action');
  });
});

describe('policy simulate', () => {
  it('takes a bare payload whose event is named, now, and writes JSON', async () => {
    const policy = policyIn({ 'pull.json': JSON.stringify(openedPayload()) });
    const given = ['--event', 'pull.json', '--name', 'pull_request', '--json'];
    const { code, out } = await policy('simulate', ...given);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      subject: 'the operator',
      acts: [{ act: 'pull request opened', plans: [{ task: 'review' }, { task: 'fix' }] }],
    });
  });

  it('shows the faults of the layer', async () => {
    const event = JSON.stringify({ event: 'installation', payload: {} });
    const policy = policyIn({ 'e.json': event, 'mine.yml': 'version: 1\nlimit: 1\n' });
    const { code, out } = await policy('simulate', '--event', 'e.json', '--repository', 'mine.yml');
    expect([code, out.split('\n')[1]]).toEqual([1, '    2 | limit: 1']);
  });

  it.each([
    [[], '--event FILE'],
    [['--event', 'gone.json'], 'cannot be read as JSON'],
    [['--event', 'bare.json'], 'say with --name'],
    [['--event', 'bare.json', '--name', 'push'], 'does not listen to this event'],
    [['--event', 'bare.json', '--name', 'toString'], 'does not listen to this event'],
    [['--event', 'bare.json', '--at', 'noon'], '--at is a time'],
    [['--event', 'bare.json', '--permission', 'mona'], 'LOGIN=NAME'],
    [['--event', 'bare.json', '--permission', '=write'], 'LOGIN=NAME'],
  ])('refuses %j', async (args, message) => {
    await expect(policyIn({ 'bare.json': '{}' })('simulate', ...args)).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining(message) as string,
    });
  });
});
