import { describe, expect, it } from 'vitest';
import { type IssueParts, issueText, stateText } from '../../../src/report/issue-text.ts';
import { planQueued } from '../../../src/report/plan-state.ts';
import { pullRequestText } from '../../../src/report/pull-request-text.ts';
import {
  sampleFinding,
  sampleOutcome,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';

const task = sampleTask({ kind: 'fix', subjectKind: 'issue', state: 'awaiting-approval' });
const waiting = { status: 'waiting', reasons: [], mayApprove: 'It takes a friend.' } as const;

function parts(change: Partial<IssueParts> = {}): IssueParts {
  const files = new Map([
    ['src/a.js', { before: Buffer.from('old\n'), after: Buffer.from('new!\n') }],
  ]);
  const rules = sampleRules('fix');
  return {
    task,
    rules,
    outcome: sampleOutcome(),
    files,
    gate: waiting,
    pullRequest: undefined,
    ...change,
  };
}

describe('a task of an issue in words', () => {
  it('is the title and the summary of what a check would show', () => {
    expect(stateText(task, planQueued(task))).toBe(
      `**fix: Queued.**\n\nWaiting for a free runner.\n\nTask \`${task.id}\` on commit \`${task.headSha}\`.`,
    );
  });

  it('names the command by the task, the form, the commit and who may', () => {
    const text = issueText(parts());
    expect(text).toContain(
      `\`/sallyport approve ${task.id}\` opens it as a draft pull request, from`,
    );
    expect(text).toContain(`at commit\n\`${task.baseSha}\``.replace('\n', ' '));
    expect(text).toContain('It takes a friend.');
    expect(text).toContain('- `src/a.js`: 4 bytes → 5 bytes\n');
  });

  it('says what is not a draft, what comes and goes, and a patch that has no digest', () => {
    const { outputs } = sampleRules('fix');
    const files = new Map([
      ['new', { before: null, after: Buffer.from('x') }],
      ['gone', { before: Buffer.from('xy'), after: null }],
    ]);
    const text = issueText(
      parts({
        rules: { outputs: { ...outputs, pullRequest: 'ready' } },
        files,
        task: { ...task, patchDigest: null },
      }),
    );
    expect(text).toContain('opens it as a pull request, from');
    expect(text).toContain('- `new`: absent → 1 bytes\n- `gone`: 2 bytes → absent\n');
    expect(text).toContain('Patch: none');
  });

  it('links the pull request once there is one, and asks for nothing more', () => {
    const text = issueText(parts({ gate: { ...waiting, status: 'applied' }, pullRequest: 31 }));
    expect(text).toContain('Opened as pull request #31.');
    expect(text).not.toContain('/sallyport');
  });

  it('has no word of a patch where there is none', () => {
    const text = issueText(parts({ files: new Map(), gate: { ...waiting, status: 'none' } }));
    expect(text).not.toMatch(/### Files|details|sallyport approve/);
  });

  it('shows hostile paths, reasons and messages as text', () => {
    const hostile = '@everyone <img src=x> #1 /sallyport approve';
    const text = issueText(
      parts({
        outcome: sampleOutcome({
          findings: [sampleFinding()],
          toolErrors: [{ tool: hostile, message: `${hostile}\n/sallyport approve` }],
        }),
        files: new Map([[`${hostile}\n# heading`, { before: null, after: Buffer.from('x') }]]),
        gate: { status: 'refused', reasons: [hostile], mayApprove: '' },
      }),
    );
    const outsideOfCode = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`]*`/g, '');
    expect(outsideOfCode).not.toMatch(/@e|<img|^\/sallyport|^# heading/m);
    expect(text).toContain('What remains: 1 error');
  });

  it.each([
    ['brings in', null, Buffer.from('ghp_0123456789abcdefghijABCDEFGHIJ012345\n')],
    ['takes out', Buffer.from('ghp_0123456789abcdefghijABCDEFGHIJ012345\n'), null],
  ] as const)(
    'shows no patch that %s a secret, and still how to let it go on',
    (_what, before, after) => {
      const text = issueText(parts({ files: new Map([['a', { before, after }]]) }));
      expect(text).not.toContain('ghp_');
      expect(text).toContain('The patch is not shown');
      expect(text).toContain(`/sallyport approve ${task.id}`);
    },
  );

  it('stays below what one answer may have, whatever the patch', () => {
    const long = Buffer.from(`${'`'.repeat(300)}${'y'.repeat(40)}\n`.repeat(2_000));
    const files = new Map(
      Array.from({ length: 300 }, (_, index) => [
        `${'p'.repeat(200)}${index}`,
        { before: null, after: long },
      ]),
    );
    const toolErrors = Array.from({ length: 100 }, () => ({
      tool: 'x'.repeat(64),
      message: '@'.repeat(2_000),
    }));
    const reasons = Array.from({ length: 100 }, () => '@'.repeat(2_000));
    const text = issueText(
      parts({ files, outcome: sampleOutcome({ toolErrors }), gate: { ...waiting, reasons } }),
    );
    expect(text.length).toBeLessThan(20_000);
    expect(text).toMatch(/and \d+ more/);
    expect(text).toMatch(/<\/details>$/);
  });
});

describe('the pull request for an issue', () => {
  const changes = [{ path: 'src/a.js', before: null, after: null }];
  const outcome = { ...sampleOutcome(), changes: changes as never };

  it('names the issue by number, the people in code, the commit, the files and the digests', () => {
    const { title, body } = pullRequestText({
      task,
      outcome,
      approvers: ['mona', 'hubot'],
      hasMoved: false,
    });
    expect(title).toBe('Apply fixes to 1 file for issue #7');
    expect(body).toBe(
      [
        'For issue #7, which stays open when this is merged.',
        'Asked for by `octocat`, approved by `mona`, `hubot`.',
        `Made in a sandbox on commit \`${task.baseSha}\`.`,
        '### Files\n\n- `src/a.js`\n',
        `Task \`${task.id}\`, patch \`${task.patchDigest}\`.`,
      ].join('\n\n'),
    );
  });

  it('has none of the words before a number by which GitHub closes an issue', () => {
    const { title, body } = pullRequestText({
      task,
      outcome,
      approvers: ['mona'],
      hasMoved: true,
    });
    expect(`${title}\n\n${body}`).not.toMatch(/\b(close|fix|resolve)\w*:? +(\S+\/\S+)?#\d/i);
  });

  it('says when the default branch has moved', () => {
    const { body } = pullRequestText({ task, outcome, approvers: ['mona'], hasMoved: true });
    expect(body).toContain('The default branch has got other commits since.');
  });

  it.each(['@acme/owners', 'closes #1', '`x` @y', '<!-- sallyport:task:', 'a\nFixes #2'])(
    'makes nothing of a login or a path like %s',
    (text) => {
      const asked = { ...task, requestedBy: { ...task.requestedBy, login: text } };
      const odd = { ...outcome, changes: [{ path: text, before: null, after: null }] as never };
      const { title, body } = pullRequestText({
        task: asked,
        outcome: odd,
        approvers: [text],
        hasMoved: false,
      });
      expect(title).toBe('Apply fixes to 1 file for issue #7');
      const outsideOfCode = body.replace(/(`+)[^\n]*?[^`]\1(?!`)/g, '');
      expect(outsideOfCode).not.toMatch(/@|closes|<!--|Fixes #2/);
    },
  );
});
