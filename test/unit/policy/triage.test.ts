import { describe, expect, it } from 'vitest';
import { allowedTriage } from '../../../src/policy/decide/triage.ts';
import { issueStart } from '../../../src/policy/decide/triggers.ts';
import { kindOfTask } from '../../../src/policy/rules-of.ts';
import { triageText } from '../../../src/report/triage-text.ts';
import { samplePolicy, sampleRules } from '../../support/report/samples.ts';

const { outputs, triggers } = sampleRules('fix');
const lets = (labels: string[], answer: 'automatic' | 'none' = 'none') => ({
  outputs: { ...outputs, labels, answer },
});

describe('what a policy lets out of a triage', () => {
  it('are labels that it names, as it spells them, each once', () => {
    const wanted = { labels: ['BUG', 'bug', 'wontfix'], answer: 'Hi.' };
    expect(allowedTriage(wanted, lets(['bug', 'docs']))).toEqual({
      labels: ['bug'],
      answer: null,
      refused: ['wontfix'],
    });
  });

  it('is an answer where it says so', () => {
    const { answer } = allowedTriage({ labels: [], answer: 'Hi.' }, lets([], 'automatic'));
    expect(answer).toBe('Hi.');
  });
});

describe('a new issue', () => {
  const policyOf = (change: object, issues: 'opened'[] = ['opened']) => {
    const rules = { ...sampleRules('fix'), triggers: { ...triggers, issues }, ...change };
    return { ...samplePolicy(), tasks: { triage: rules, sort: rules } };
  };
  const atMs = Date.UTC(2026, 0, 1, 12);

  it.each([
    ['a task of that name', 'triage', policyOf({}), 'starts', 'tasks.triage.triggers.issues'],
    [
      'one of that purpose',
      'sort',
      policyOf({ purpose: 'triage' }),
      'starts',
      'tasks.sort.triggers.issues',
    ],
    ['another', 'sort', policyOf({}), 'stays', 'tasks.sort.purpose'],
    ['one by command alone', 'triage', policyOf({}, []), 'stays', 'tasks.triage.triggers.issues'],
    ['one that is off', 'triage', policyOf({ enabled: false }), 'stays', 'tasks.triage.enabled'],
    [
      'one in quiet hours',
      'triage',
      policyOf({
        quietHours: [
          {
            days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
            from: '00:00',
            to: '23:59',
            timeZone: 'UTC',
          },
        ],
      }),
      'waits',
      'tasks.triage.quietHours',
    ],
  ] as const)('finds %s', (_what, name, policy, outcome, rule) => {
    expect(issueStart(policy as never, name, atMs)).toMatchObject({ outcome, rule });
  });

  it('is nothing that a patch comes of', () => {
    expect(kindOfTask('triage', sampleRules('fix'))).toBe('review');
    expect(kindOfTask('fix', sampleRules('fix'))).toBe('fix');
  });
});

describe('what an issue is told of its triage', () => {
  const parts = { name: 'triage', labels: ['bug'], answer: null, linkHosts: [] };

  it('are its labels, and an answer that does nothing', () => {
    expect(triageText(parts)).toBe('**triage.** Labels: `bug`.');
    const answer = 'Thanks @octocat!\n\n/sallyport fix';
    expect(triageText({ ...parts, labels: [], answer })).toBe(
      "**triage.** An agent's first answer, which nobody has checked:\n\nThanks @&#8203;octocat\\!\n\n\\/sallyport fix",
    );
  });

  it('is nothing where nothing came of it', () => {
    expect(triageText({ ...parts, labels: [] })).toBe('');
  });
});
