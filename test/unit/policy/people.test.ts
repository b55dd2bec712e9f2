import { describe, expect, it } from 'vitest';
import {
  mayApprove,
  mayCommand,
  mayRun,
  mustWait,
  whyNoFork,
} from '../../../src/policy/decide/people.ts';
import { isAmong, type Person, whoMay } from '../../../src/policy/decide/person.ts';
import type { Who } from '../../../src/policy/document/who.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { folded, person } from './fixture.ts';

function task(repository = '', name = 'fix'): EffectiveTask {
  return folded({ repository }).policy.tasks[name] as EffectiveTask;
}

describe('whoMay', () => {
  it.each([
    [[], 'nobody'],
    [[{ permission: 'write' }], '`write` permission or more'],
    [[{ permission: 'write' }, { permission: 'write' }], '`write` permission or more'],
    [
      [{ permission: 'write', users: ['mona'] }, { teams: ['acme/core'] }],
      '`write` permission or more, or to be mona; and to be in acme/core',
    ],
  ] as readonly (readonly [readonly Who[], string])[])('says of %j: %s', (whos, words) => {
    expect(whoMay(whos)).toBe(words);
  });
});

describe('isAmong', () => {
  it.each([
    [{ permission: 'write' }, { permission: 'write' }, true],
    [{ permission: 'write' }, { permission: 'admin' }, true],
    [{ permission: 'write' }, { permission: 'triage' }, false],
    [{ permission: 'read' }, { permission: null }, false],
    [{ users: ['Octocat'] }, { login: 'octocat' }, true],
    [{ users: ['octocat#7'] }, { login: 'octocat', id: 7 }, true],
    // A login that was given up and registered by somebody else.
    [{ users: ['octocat#7'] }, { login: 'octocat', id: 8 }, false],
    [{ users: ['octocat'] }, { login: 'octocat2' }, false],
    [{ teams: ['acme/dev'] }, { teams: ['Acme/Dev'] }, true],
    [{ teams: ['acme/dev'] }, { teams: ['acme/ops'] }, false],
    [{ teams: ['acme/dev'] }, { teams: null }, false],
    [{ codeOwners: true }, { owns: 'all' }, true],
    [{ codeOwners: true }, { owns: 'some' }, false],
    [{ codeOwners: true }, { owns: 'none' }, false],
    [{ codeOwners: true }, { owns: null }, false],
    [{ author: true }, { isAuthor: true }, true],
    [{ author: true }, { isAuthor: false }, false],
    [{ permission: 'admin', author: true }, { isAuthor: true }, true],
    [{}, { permission: 'admin' }, false],
  ] as readonly (readonly [object, Partial<Person>, boolean])[])(
    '%j of %j: %s',
    (who, facts, allowed) => {
      expect(isAmong([who], person(facts), 'all').allowed).toBe(allowed);
    },
  );

  it('asks every layer', () => {
    const whos = [{ permission: 'write' as const }, { teams: ['acme/dev'] }];
    expect(isAmong(whos, person({ permission: 'admin' }), 'all').allowed).toBe(false);
    expect(isAmong(whos, person({ permission: 'read', teams: ['acme/dev'] }), 'all').allowed).toBe(
      false,
    );
    expect(isAmong(whos, person({ permission: 'write', teams: ['acme/dev'] }), 'all').allowed).toBe(
      true,
    );
    expect(isAmong([], person({ permission: 'admin' }), 'all')).toEqual({
      allowed: false,
      reason: 'No layer says who may.',
    });
  });

  it.each([
    [
      { permission: 'write' },
      { permission: 'read' },
      'It takes `write` permission or more; mona has `read` permission.',
    ],
    [
      { permission: 'write' },
      { permission: 'none' },
      'It takes `write` permission or more; mona has no permission.',
    ],
    [
      { permission: 'write' },
      { permission: null },
      'It takes `write` permission or more; the permission of mona could not be read.',
    ],
    [{ users: ['a', 'b'] }, { permission: null }, 'It takes to be a or b; mona has no permission.'],
    [
      { teams: ['a/b', 'a/c'], codeOwners: true, author: true },
      { teams: null, owns: null },
      'It takes to be in a/b or a/c, or to own the code, or to be the author; the teams and owned files of mona could not be read.',
    ],
  ] as readonly (readonly [object, Partial<Person>, string])[])(
    'says why not: %j, %j',
    (who, facts, reason) => {
      expect(isAmong([who], person(facts), 'all').reason).toBe(reason);
    },
  );
});

describe('mayRun', () => {
  it('takes who owns some of the code where owners may run', () => {
    const owners = task('run: { codeOwners: true }');
    expect(mayRun(owners, person({ permission: 'write', owns: 'some' })).allowed).toBe(true);
    expect(mayRun(owners, person({ permission: 'write', owns: 'none' })).allowed).toBe(false);
  });

  it('lets nobody run what is switched off', () => {
    const off = task('tasks: { fix: { enabled: false } }');
    expect(mayRun(off, person({ permission: 'admin' })).reason).toMatch(/switched off/);
  });
});

describe('mayApprove', () => {
  it.each([
    ['', {}, false, true],
    ['', { permission: 'read' }, false, false],
    ['', {}, true, true],
    ['approvals: { requesterMayApprove: false }', {}, true, false],
    ['approvals: { requesterMayApprove: false }', {}, false, true],
    ['approve: { codeOwners: true }', { owns: 'some' }, false, false],
    ['approve: { codeOwners: true }', { owns: 'all' }, false, true],
    ['tasks: { fix: { outputs: { patch: none } } }', { permission: 'admin' }, false, false],
  ] as readonly (readonly [string, Partial<Person>, boolean, boolean])[])(
    '%j, %j, requester %s: %s',
    (repository, facts, isRequester, allowed) => {
      const who = person({ permission: 'write', ...facts });
      expect(mayApprove(task(repository), who, { isRequester }).allowed).toBe(allowed);
    },
  );
});

describe('mustWait', () => {
  const open = folded({
    operator: (text) => text.replace('forks: wait', 'forks: run'),
  }).policy.tasks['review'] as EffectiveTask;

  it.each([
    ['wait', true, 'admin', 'wait', /fork/],
    ['wait', false, 'write', 'run', /mona is among/],
    ['wait', false, 'read', 'wait', /write/],
    ['wait', false, null, 'wait', /could not be read/],
    ['refuse', true, 'admin', 'refuse', /nothing for pull requests from forks/],
    ['refuse', false, 'read', 'wait', /write/],
    ['refuse', false, 'write', 'run', /among/],
    ['run', true, 'none', 'run', /from outside/],
    ['run', false, 'none', 'run', /from outside/],
  ] as const)('forks: %s, fork %s, author %s: %s', (forks, isFork, permission, outcome, reason) => {
    const rule = forks === 'run' ? open : task(`forks: ${forks}`, 'review');
    const author = person({ permission });
    const entry = mustWait(rule, { isFork, author, pusher: author });
    expect(entry).toEqual({ outcome, reason: expect.stringMatching(reason) as unknown });
  });
});

describe('a push to the branch of somebody else', () => {
  it.each([
    ['write', 'write', 'run', /mona is among/],
    ['write', 'read', 'wait', /^Its head was pushed by eve\. It takes `write`/],
    ['write', null, 'wait', /permission of eve could not be read/],
    ['read', 'admin', 'wait', /mona has `read` permission/],
  ] as const)('author %s, pusher %s: %s', (ofAuthor, ofPusher, outcome, reason) => {
    const author = person({ permission: ofAuthor });
    const pusher = person({ id: 99, login: 'eve', permission: ofPusher });
    const entry = mustWait(task('', 'review'), { isFork: false, author, pusher });
    expect(entry).toEqual({ outcome, reason: expect.stringMatching(reason) as unknown });
  });

  it.each([
    ['wait', 'wait', /not known who pushed/],
    ['run', 'run', /from outside/],
  ] as const)('by nobody knows whom, forks: %s: %s', (forks, outcome, reason) => {
    const rule = { ...task('', 'review'), forks };
    const entry = mustWait(rule, {
      isFork: false,
      author: person({ permission: 'write' }),
      pusher: null,
    });
    expect(entry).toEqual({ outcome, reason: expect.stringMatching(reason) as unknown });
  });
});

describe('mayCommand', () => {
  it.each([
    ['write', true],
    ['read', false],
  ] as const)('asks the top of the policy: %s %s', (permission, allowed) => {
    const { policy } = folded({});
    expect(mayCommand(policy, person({ permission })).allowed).toBe(allowed);
  });
});

describe('whyNoFork', () => {
  it.each([
    ['forks: refuse', true, true],
    ['forks: refuse', false, false],
    ['forks: wait', true, false],
  ])('%s, fork %s: refused %s', (text, isFork, isRefused) => {
    expect(whyNoFork(task(text), { isFork }) !== undefined).toBe(isRefused);
  });
});
