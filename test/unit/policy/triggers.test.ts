import { describe, expect, it } from 'vitest';
import {
  commandStart,
  type PullRequestFacts,
  triggersOf,
} from '../../../src/policy/decide/triggers.ts';
import { slowList, slowPath } from '../../support/slow-globs.ts';
import { folded } from './fixture.ts';

const noon = Date.parse('2026-03-04T12:00:00Z');
const facts: PullRequestFacts = {
  event: 'opened',
  baseBranch: 'main',
  paths: ['src/a.ts'],
  labels: [],
  isDraft: false,
  atMs: noon,
};

function reviewStart(triggers: string, more: Partial<PullRequestFacts> = {}, rest = '') {
  const repository = `${rest}\ntasks: { review: { triggers: ${triggers} } }`;
  const starts = triggersOf(folded({ repository }).policy, { ...facts, ...more });
  return starts.find(({ task }) => task === 'review');
}

describe('triggersOf', () => {
  it.each([
    ['{}', {}, 'starts', 'events'],
    ['{ events: [synchronize] }', {}, 'stays', 'events'],
    ['{ events: [] }', {}, 'stays', 'events'],
    ['{ branches: [main] }', {}, 'starts', 'events'],
    ['{ branches: ["release/*"] }', {}, 'stays', 'branches'],
    ['{ branches: ["release/*"] }', { baseBranch: 'release/1' }, 'starts', 'events'],
    ['{}', { isDraft: true }, 'stays', 'drafts'],
    ['{ drafts: true }', { isDraft: true }, 'starts', 'events'],
    ['{ paths: [src/**] }', {}, 'starts', 'events'],
    ['{ paths: [docs/**] }', {}, 'stays', 'paths'],
    ['{ paths: [docs/**] }', { paths: [] }, 'stays', 'paths'],
    ['{ paths: [docs/**] }', { paths: null }, 'starts', 'events'],
    ['{ ignorePaths: [src/**] }', {}, 'stays', 'ignorePaths'],
    ['{ ignorePaths: [src/**] }', { paths: ['src/a', 'b'] }, 'starts', 'events'],
    [
      '{ paths: ["**/*.ts"], ignorePaths: [src/**] }',
      { paths: ['src/a.ts', 'b.md'] },
      'stays',
      'paths',
    ],
    ['{ labels: { any: [Ready] } }', {}, 'stays', 'labels.any'],
    ['{ labels: { any: [Ready] } }', { labels: ['ready'] }, 'starts', 'events'],
    ['{ labels: { none: [wip] } }', { labels: ['WIP'] }, 'stays', 'labels.none'],
    ['{ labels: { none: [wip] } }', { labels: ['x'] }, 'starts', 'events'],
  ] as readonly (readonly [string, Partial<PullRequestFacts>, string, string])[])(
    '%s with %j: %s by %s',
    (triggers, more, outcome, rule) => {
      const start = reviewStart(triggers, more);
      expect(start).toMatchObject({ outcome, rule: `tasks.review.triggers.${rule}` });
      expect(start?.reason).toMatch(/\.$/);
    },
  );

  it('stops nothing by paths that take too long to compare', () => {
    const paths = [slowPath];
    for (const triggers of [`{ paths: ${slowList} }`, `{ ignorePaths: ${slowList} }`]) {
      expect(reviewStart(triggers, { paths })).toMatchObject({ outcome: 'starts' });
    }
    const branch = { baseBranch: slowPath };
    expect(reviewStart(`{ branches: ${slowList} }`, branch)).toMatchObject({ outcome: 'starts' });
    expect(reviewStart(`{ branches: ${slowList} }`)).toMatchObject({ outcome: 'stays' });
  });

  it('makes an event wait in quiet hours, and no command', () => {
    const quietHours = "quietHours: [{ days: [wed], from: '11:00', to: '13:30', timeZone: UTC }]";
    expect(reviewStart('{}', {}, quietHours)).toMatchObject({
      outcome: 'waits',
      rule: 'tasks.review.quietHours',
      untilMs: Date.parse('2026-03-04T13:30:00Z'),
    });
    const { policy } = folded({ repository: quietHours });
    expect(commandStart(policy, 'review').outcome).toBe('starts');
  });

  it('starts nothing that is switched off', () => {
    const { policy } = folded({ repository: 'tasks: { review: { enabled: false } }' });
    expect(triggersOf(policy, facts).map(({ rule }) => rule)).toEqual([
      'tasks.review.enabled',
      'tasks.fix.triggers.events',
    ]);
    expect(commandStart(policy, 'review').outcome).toBe('stays');
  });

  it('starts no triage, whatever its name and its events', () => {
    const { policy } = folded({ repository: 'tasks: { review: { purpose: triage } }' });
    const [review] = triggersOf(policy, facts);
    expect(review).toMatchObject({ outcome: 'stays', rule: 'tasks.review.purpose' });
  });
});

describe('commandStart', () => {
  it.each(['nothing', 'constructor', '__proto__', ''])('knows no task %j', (name) => {
    expect(commandStart(folded({}).policy, name)).toMatchObject({
      outcome: 'stays',
      rule: 'tasks',
    });
  });

  it('starts no task that takes no command', () => {
    const { policy } = folded({ repository: 'tasks: { fix: { triggers: { command: false } } }' });
    expect(commandStart(policy, 'fix')).toMatchObject({
      outcome: 'stays',
      rule: 'tasks.fix.triggers.command',
    });
  });
});
