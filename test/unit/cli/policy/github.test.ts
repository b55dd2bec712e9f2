import { describe, expect, it } from 'vitest';
import { CommitSha } from '../../../../src/domain/ids.ts';
import type { PolicyPull } from '../../../../src/ports/policy-facts.ts';
import { FakePolicyFacts } from '../../../support/fakes/fake-policy-facts.ts';
import { policyIn } from './policy-places.ts';
import { openedPayload } from './simulate-payloads.ts';

const pull: PolicyPull = {
  number: 9,
  state: 'open',
  isDraft: false,
  isFork: true,
  author: { id: 5, login: 'mona' },
  baseBranch: 'stable',
  headSha: CommitSha.parse('a'.repeat(40)),
  labels: [],
  paths: ['src/a.ts', '.github/workflows/ci.yml'],
};
const path = '.github/sallyport.yml';

function onGitHub(...names: readonly string[]) {
  const facts = new FakePolicyFacts(...names);
  facts.pulls.set(9, pull);
  facts.people.set('mona', 'write');
  return { facts, policy: policyIn({}, () => facts.asGitHub()) };
}

describe('policy explain, of a repository on GitHub', () => {
  it('reads its layer of the default branch below the organisation’s', async () => {
    const { facts, policy } = onGitHub('acme/widget', 'acme/.github');
    facts.files.set(`acme/widget@main:${path}`, 'version: 1\nlimits: { pids: 64 }\n');
    facts.files.set('acme/.github@main:sallyport.yml', 'version: 1\nlimits: { pids: 128 }\n');
    const { code, out } = await policy('explain', '--repo', 'acme/widget');
    expect(code).toBe(0);
    expect(out).toContain('Policy of acme/widget at main\n');
    expect(out).toMatch(/organisation +acme\/\.github:sallyport\.yml/);
    expect(out).toMatch(/limits\.pids +64 +repository acme\/widget:\.github\/sallyport\.yml:2:17/);
  });

  it('shows where its layer loosens the organisation’s', async () => {
    const { facts, policy } = onGitHub('acme/widget', 'acme/.github');
    facts.files.set(`acme/widget@main:${path}`, 'version: 1\nlimits: { pids: 200 }\n');
    facts.files.set('acme/.github@main:sallyport.yml', 'version: 1\nlimits: { pids: 128 }\n');
    const { code, out } = await policy('explain', '--repo', 'acme/widget');
    expect(code).toBe(1);
    expect(out).toContain('  acme/.github:sallyport.yml:2:17: the organisation says\n');
  });

  it('says that an organisation’s layer which the App does not see counts as none, and how to mend it', async () => {
    const { facts } = onGitHub('acme/widget');
    const event = JSON.stringify({ event: 'pull_request', payload: openedPayload() });
    const policy = policyIn({ 'e.json': event }, () => facts.asGitHub());
    const { out } = await policy('explain', '--repo', 'acme/widget');
    expect(out).toMatch(/^ {2}organisation +none$/m);
    expect(out).toMatch(/^ {2}note +the App sees no acme\/\.github: .* give the App access to it/m);
    const json = await policy('explain', '--repo', 'acme/widget', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      note: expect.stringContaining('acme/.github') as string,
    });
    const simulated = await policy('simulate', '--event', 'e.json', '--repo', 'acme/widget');
    expect(simulated.out).toMatch(/^Note: the App sees no acme\/\.github/m);
    const seen = onGitHub('acme/widget', 'acme/.github');
    expect((await seen.policy('explain', '--repo', 'acme/widget')).out).not.toContain('note ');
  });

  it('takes a file for the organisation’s, when one is named', async () => {
    const { facts } = onGitHub('acme/widget', 'acme/.github');
    facts.files.set('acme/.github@main:sallyport.yml', 'not: a policy');
    const policy = policyIn({ 'org.yml': 'version: 1\nlimits: { pids: 99 }\n' }, () =>
      facts.asGitHub(),
    );
    const given = ['explain', '--repo', 'acme/widget', '--organisation', 'org.yml'];
    expect((await policy(...given)).out).toMatch(/limits\.pids +99 +organisation org\.yml:2:17/);
  });

  it('says for a pull request which rules decide, and what no patch may touch', async () => {
    const { facts, policy } = onGitHub('acme/widget');
    facts.files.set(`acme/widget@stable:${path}`, 'version: 1\nforks: refuse\n');
    const { out } = await policy('explain', '--repo', 'acme/widget', '--pr', '9');
    expect(out).toContain('Pull request 9 by mona into stable: open, from a fork.');
    expect(out).toMatch(/^ {2}review: refused$/m);
    expect(out).toMatch(/gate 1 +stop +tasks\.review\.forks/);
    expect(out).toMatch(/^a patch of fix: .*workflows\/ci\.yml.* is protected by/m);
    const json = await policy('explain', '--repo', 'acme/widget', '--pr', '9', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ pullRequest: { acts: [{ act: 'a push' }, {}] } });
  });

  it('says when a patch may touch everything, and what a draft is', async () => {
    const { facts, policy } = onGitHub('acme/widget');
    facts.pulls.set(9, { ...pull, isDraft: true, isFork: false, paths: null });
    const { out } = await policy('explain', '--repo', 'acme/widget', '--pr', '9');
    expect(out).toContain('into stable: open, draft.');
    expect(out).toContain(
      'a patch of fix: It may touch each of the changed files. Before an approval: 0 of 1',
    );
  });

  it.each([
    ['a member of the team', ['mona'], 'waits', false],
    ['no member of it', ['hubot'], 'waits', false],
    ['a member, and it is no fork', ['mona'], 'runs', true],
    ['no member, and it is no fork', ['hubot'], 'waits', true],
  ])('asks for the author’s teams: %s', async (_title, members, outcome, isOwnBranch) => {
    const { facts, policy } = onGitHub('acme/widget');
    facts.pulls.set(9, { ...pull, isFork: !isOwnBranch });
    facts.files.set(`acme/widget@stable:${path}`, `version: 1\nrun: { teams: [acme/core] }\n`);
    facts.teams.set('acme/core', members);
    const { out } = await policy('explain', '--repo', 'acme/widget', '--pr', '9');
    expect(out).toMatch(new RegExp(`^ {2}review: ${outcome}$`, 'm'));
  });

  const owned = 'version: 1\ntasks: { fix: { approvals: { codeOwners: true } } }\n';

  it('says whose approval a patch would take', async () => {
    const { facts, policy } = onGitHub('acme/widget');
    facts.pulls.set(9, { ...pull, paths: ['src/a.ts'] });
    facts.files.set(`acme/widget@stable:${path}`, owned);
    facts.files.set('acme/widget@stable:CODEOWNERS', '*.ts @acme/core @mona\n');
    const { out } = await policy('explain', '--repo', 'acme/widget', '--pr', '9');
    expect(out).toContain('0 of 1 approvals that count.');
    expect(out).toContain('An approval is missing by `@acme/core` or `@mona`.');
  });

  it('says that no patch would pass while CODEOWNERS cannot be read', async () => {
    const { facts, policy } = onGitHub('acme/widget');
    facts.pulls.set(9, { ...pull, paths: ['src/a.ts'] });
    facts.files.set(`acme/widget@stable:${path}`, owned);
    facts.files.set('acme/widget@stable:CODEOWNERS', { kind: 'unreadable', reason: 'is a link' });
    const { out } = await policy('explain', '--repo', 'acme/widget', '--pr', '9');
    expect(out).toContain('CODEOWNERS could not be read: no patch would pass.');
  });

  it.each([
    [['--repo', 'acme/gone'], 'github.not-found', 'not installed on acme/gone'],
    [['--repo', 'acme/widget', '--pr', '8'], 'github.not-found', 'no such pull request'],
    [['--repo', 'acme/widget', '--pr', '9x'], 'usage.invalid', '--pr is the number'],
    [['--pr', '9'], 'usage.invalid', '--pr is of a repository on GitHub'],
  ])('refuses %j', async (args, code, message) => {
    const { policy } = onGitHub('acme/widget');
    await expect(policy('explain', ...args)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('follows no link', async () => {
    const { facts, policy } = onGitHub('acme/widget');
    facts.files.set(`acme/widget@main:${path}`, { kind: 'unreadable', reason: 'is a link' });
    await expect(policy('explain', '--repo', 'acme/widget')).rejects.toMatchObject({
      code: 'policy.invalid',
      message: 'acme/widget:.github/sallyport.yml: is a link',
    });
  });
});

describe('policy simulate, of a repository on GitHub', () => {
  it('asks for the permissions that the payload does not say, unless they are told', async () => {
    const { facts } = onGitHub('acme/widget');
    const event = JSON.stringify({ event: 'pull_request', payload: openedPayload() });
    const policy = policyIn({ 'e.json': event }, () => facts.asGitHub());
    const given = ['simulate', '--event', 'e.json', '--repo', 'acme/widget'];
    expect((await policy(...given)).out).toMatch(/^ {2}review: runs$/m);
    expect((await policy(...given, '--permission', 'mona=none')).out).toMatch(
      /^ {2}review: waits$/m,
    );
  });
});
