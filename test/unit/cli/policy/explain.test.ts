import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRepository, temporaryFolder } from '../../../support/repositories.ts';
import { policyIn } from './policy-places.ts';

const own = 'version: 1\nlimits: { pids: 64 }\n';

/** A repository whose branch `main` has this policy, and what its remote calls the default branch another. */
async function repositoryWith(
  files: readonly { path: string; content: string; mode?: '120000' }[],
) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'repo');
  const repository = await createRepository(path);
  const head = await repository.commit([...files, { path: 'README.md', content: 'x' }]);
  await repository.git(['update-ref', 'refs/heads/main', head]);
  return { path, repository, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const file = { path: '.github/sallyport.yml', content: own };

describe('policy explain', () => {
  it('reads what is committed at HEAD, and nothing that is not', async () => {
    await using repo = await repositoryWith([file]);
    const { code, out } = await policyIn({})('explain', '--repo', repo.path);
    expect(code).toBe(0);
    expect(out).toMatch(/^Policy of .* at HEAD, [0-9a-f]{40}$/m);
    expect(out).toMatch(/limits\.pids +64 +repository \.github\/sallyport\.yml:2:17/);
  });

  it('prefers what the remote calls the default branch, and takes another ref when told', async () => {
    await using repo = await repositoryWith([file]);
    const other = await repo.repository.commit([
      { ...file, content: 'version: 1\nforks: refuse\n' },
    ]);
    await repo.repository.git(['update-ref', 'refs/remotes/origin/HEAD', other]);
    const policy = policyIn({});
    expect((await policy('explain', '--repo', repo.path)).out).toContain('forks are refused');
    const { out } = await policy('explain', '--repo', repo.path, '--ref', 'main');
    expect(out).not.toContain('forks are refused');
  });

  it('explains a repository without a policy, and the operator alone', async () => {
    await using repo = await repositoryWith([]);
    const policy = policyIn({});
    expect((await policy('explain', '--repo', repo.path)).out).toMatch(/repository +none/);
    expect((await policy('explain')).out).toContain('Policy of the operator');
  });

  it('does not follow a link, and takes no folder for a file', async () => {
    await using linked = await repositoryWith([{ ...file, mode: '120000' }]);
    const policy = policyIn({});
    const refused = policy('explain', '--repo', linked.path);
    await expect(refused).rejects.toMatchObject({ code: 'git.failed' });
    await using folder = await repositoryWith([{ path: `${file.path}/x`, content: own }]);
    expect((await policy('explain', '--repo', folder.path)).out).toMatch(/repository +none/);
  });

  it('takes files for layers, and shows the faults of the lowest', async () => {
    const policy = policyIn({ 'org.yml': 'version: 1\nlimits: { pids: 32 }\n', 'mine.yml': own });
    expect((await policy('explain', '--repository', 'mine.yml')).code).toBe(0);
    const given = ['--repository', 'mine.yml', '--organisation', 'org.yml'];
    const { code, out } = await policy('explain', ...given);
    expect(code).toBe(1);
    expect(out).toContain('    2 | limits: { pids: 64 }\n');
  });

  it('explains one task, for machines too', async () => {
    const policy = policyIn({ 'mine.yml': own });
    const { out } = await policy('explain', '--repository', 'mine.yml', '--task', 'fix', '--json');
    expect(JSON.parse(out)).toMatchObject({ tasks: { fix: { reaches: 'claude' } } });
  });

  it.each([
    [['--task', 'fxi'], 'did you mean fix?'],
    [['--task', 'deploy'], 'there are review, fix'],
    [['mine.yml'], 'takes options alone'],
    [['--repo', 'gone'], 'there is no such folder'],
    [['--repo', '.', '--repository', 'mine.yml'], 'one or the other'],
  ])('refuses %j', async (args, message) => {
    await expect(policyIn({})('explain', ...args)).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining(message) as string,
    });
  });

  it('says what is no repository, and what ref there is not', async () => {
    await using folder = await temporaryFolder();
    const policy = policyIn({});
    const code = 'git.no-repository';
    await expect(policy('explain', '--repo', folder.path)).rejects.toMatchObject({ code });
    await using repo = await repositoryWith([]);
    const gone = policy('explain', '--repo', repo.path, '--ref', 'gone');
    await expect(gone).rejects.toMatchObject({ code: 'git.missing-commit' });
  });
});
