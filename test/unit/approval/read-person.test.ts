import { describe, expect, it } from 'vitest';
import { readPerson } from '../../../src/approval/read-person.ts';
import type { Who } from '../../../src/policy/document/who.ts';
import { number, repository, World } from '../../support/fakes/world.ts';

const place = `${repository.repositoryId}:main`;

function ask(world: World, whos: readonly Who[], paths?: readonly string[], login = 'contributor') {
  const pullRequest = world.github.pulls.get(`${repository.repositoryId}#${number}`);
  if (pullRequest === undefined) throw new Error('there is no pull request');
  const who = world.person(login);
  const question = { repository, who, pullRequest, whos };
  return readPerson(world.github, paths === undefined ? question : { ...question, paths });
}

describe('what is known of a person', () => {
  it('is the permission of now, and whether it is the author; no more is asked than is needed', async () => {
    const world = new World();
    const mine = await ask(world, [{ permission: 'write' }]);
    expect(mine).toMatchObject({ permission: 'write', isAuthor: true, teams: [], owns: null });
    expect(await ask(world, [], undefined, 'reader')).toMatchObject({ isAuthor: false });
    expect(new Set(world.github.faults.calls)).toEqual(new Set(['permissions.of']));
  });

  it('is no author of an issue', async () => {
    const world = new World();
    const question = { repository, who: world.person('contributor'), pullRequest: null };
    const whos: Who[] = [{ codeOwners: true, author: true }];
    expect(await readPerson(world.github, { ...question, whos })).toMatchObject({
      isAuthor: false,
      owns: null,
    });
  });

  it('has of the teams that are named those that the person is in', async () => {
    const world = new World();
    world.github.teams = new Map([['acme/core', ['contributor']]]);
    const whos = [{ teams: ['acme/core', 'acme/ops'] }];
    expect((await ask(world, whos)).teams).toEqual(['acme/core']);
    expect((await ask(world, whos, undefined, 'reader')).teams).toEqual([]);
  });

  it('has no teams where the App may not know', async () => {
    const world = new World();
    world.github.teams = null;
    expect((await ask(world, [{ teams: ['acme/core'] }])).teams).toBeNull();
    expect((await ask(world, [{ permission: 'read' }])).teams).toEqual([]);
  });
});

describe('what a person owns', () => {
  const owner: Who[] = [{ codeOwners: true }];

  it.each([
    [['src/a.js'], 'all'],
    [['src/a.js', 'docs/a.md'], 'some'],
    [['docs/a.md'], 'none'],
    [[], 'none'],
  ] as const)('of %j is %s', async (paths, owns) => {
    const world = new World();
    world.github.texts.set(`${place}:.github/CODEOWNERS`, '/src/ @contributor\n/docs/ @reader\n');
    expect((await ask(world, owner, paths)).owns).toBe(owns);
  });

  it('is nothing for somebody who may not write, whatever the file says', async () => {
    const world = new World();
    world.github.texts.set(`${place}:CODEOWNERS`, '* @contributor @acme/core\n');
    world.github.teams = new Map([['acme/core', ['contributor']]]);
    for (const role of ['read', 'triage', 'none'] as const) {
      world.setRole('contributor', role);
      expect((await ask(world, owner)).owns).toBe('none');
    }
  });

  it('is by the files of the pull request where no others are in question', async () => {
    const world = new World();
    world.github.texts.set(`${place}:CODEOWNERS`, '/src/ @contributor\n');
    expect((await ask(world, owner)).owns).toBe('all');
    world.github.changed = null;
    expect((await ask(world, owner)).owns).toBeNull();
  });

  it('is by the teams that own, and by the first file that GitHub would take', async () => {
    const world = new World();
    world.github.texts.set(`${place}:docs/CODEOWNERS`, '* @reader\n');
    world.github.texts.set(`${place}:CODEOWNERS`, '* @acme/core @octocat\n');
    world.github.teams = new Map([['acme/core', ['contributor']]]);
    expect((await ask(world, owner)).owns).toBe('all');
    expect((await ask(world, owner, undefined, 'reader')).owns).toBe('none');
  });

  it('is nothing without a file, and not known when it cannot be read', async () => {
    const world = new World();
    expect((await ask(world, owner)).owns).toBe('none');
    world.github.texts.set(`${place}:CODEOWNERS`, '# x\n'.repeat(1024 * 1024));
    expect((await ask(world, owner)).owns).toBeNull();
    Object.assign(world.github, {
      files: { onBranch: async () => ({ blobSha: 'folder', content: null }) },
    });
    expect((await ask(world, owner)).owns).toBeNull();
  });
});
