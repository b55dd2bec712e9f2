import { describe, expect, it } from 'vitest';
import { LayeredPolicies } from '../../../src/dispatch/layered-policies.ts';
import { keepPolicy } from '../../../src/dispatch/policy-record.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import { describeFault } from '../../../src/policy/fault.ts';
import type { RepositoryFile } from '../../../src/ports/files.ts';
import { repository, World } from '../../support/fakes/world.ts';
import { sampleLayer } from '../../support/report/samples.ts';

const place = { repository, baseRef: 'main' };

class Scene {
  readonly world = new World();
  readonly told: unknown[] = [];
  readonly policies = new LayeredPolicies({
    operator: sampleLayer(),
    github: this.world.github,
    artifacts: this.world.store.artifacts,
    log: {
      info: (...said) => void this.told.push(said),
      warn: () => undefined,
      error: () => undefined,
    },
  });

  own(text: string, branch = 'main'): void {
    const key = `${repository.repositoryId}:${branch}:.github/sallyport.yml`;
    this.world.github.texts.set(key, text);
  }

  owners(text: string): void {
    this.world.github.ownersTexts = new Map([['sallyport.yml', text]]);
  }

  async pids(): Promise<number> {
    const reading = await this.policies.inForce(place);
    if (!reading.ok) throw new Error(reading.faults.map(describeFault).join('\n'));
    return reading.loaded.policy.limits.pids;
  }

  async faults(): Promise<readonly string[]> {
    const reading = await this.policies.inForce(place);
    return reading.ok ? [] : reading.faults.map(describeFault);
  }
}

const pids = (count: number): string => `version: 1\nlimits: { pids: ${count} }\n`;

describe('the policy in force', () => {
  it('is the operator’s where no layer says more', async () => {
    const scene = new Scene();
    const reading = await scene.policies.inForce(place);
    expect(reading).toEqual({ ok: true, loaded: scene.policies.operator });
  });

  it('is narrowed by the organisation and by the repository', async () => {
    const scene = new Scene();
    scene.owners(pids(200));
    expect(await scene.pids()).toBe(200);
    scene.own(pids(100));
    expect(await scene.pids()).toBe(100);
  });

  it('is that of the branch which the pull request goes into, and of no other', async () => {
    const scene = new Scene();
    scene.own(pids(100), 'feature');
    expect(await scene.pids()).toBe(512);
  });

  it('changes with the file, at once, and back', async () => {
    const scene = new Scene();
    for (const count of [100, 101, 100]) {
      scene.own(pids(count));
      expect(await scene.pids()).toBe(count);
    }
  });

  it('has the digest of what it says, whatever layer says it', async () => {
    const scene = new Scene();
    scene.own(pids(100));
    const own = await scene.policies.inForce(place);
    scene.world.github.texts.clear();
    scene.owners(`${pids(100)}# of all repositories`);
    const owners = await scene.policies.inForce(place);
    expect(own.ok && owners.ok && own.loaded.digest === owners.loaded.digest).toBe(true);
    expect(own.ok && own.loaded.digest).not.toBe(scene.policies.operator.digest);
  });
});

describe('a layer that is wrong', () => {
  it.each([
    ['loosens', pids(4_096), /^\.github\/sallyport\.yml:2:17: limits\.pids: .*\(operator: /],
    ['is no YAML', 'version: [', /^\.github\/sallyport\.yml:1:\d+: /],
    ['is empty', '', /^\.github\/sallyport\.yml:1:1: /],
  ])('gives its faults and no policy, when it %s', async (_what, text, fault) => {
    const scene = new Scene();
    scene.own(text);
    expect(await scene.faults()).toEqual([expect.stringMatching(fault)]);
  });

  it('of the organisation is named by its repository', async () => {
    const scene = new Scene();
    scene.owners('version: 2');
    expect(await scene.faults()).toEqual([
      expect.stringMatching(/^acme\/\.github:sallyport\.yml:1:10: version/),
    ]);
  });

  it('below one that narrows is measured by that', async () => {
    const scene = new Scene();
    scene.owners(pids(100));
    scene.own(pids(200));
    expect(await scene.faults()).toEqual([expect.stringContaining('(organisation: acme/.github:')]);
  });

  it.each(['a folder', 'a file that is too large'])('can be %s', async () => {
    const scene = new Scene();
    const file: RepositoryFile = { blobSha: 'folder', content: null };
    Object.assign(scene.world.github, {
      files: { onBranch: async () => file, ofOwner: async () => undefined },
    });
    expect(await scene.faults()).toEqual([
      '.github/sallyport.yml:1:1: is no file that can be read',
    ]);
  });
});

describe('the organisation’s layer', () => {
  it('is none where the installation does not have the repository, and the log says so', async () => {
    const scene = new Scene();
    scene.world.github.ownersTexts = null;
    expect(await scene.pids()).toBe(512);
    expect(JSON.stringify(scene.told)).toContain('github.not-found');
  });

  it.each(['files.ofOwner', 'files.onBranch'])(
    'is not passed over, nor is any, while GitHub is away: %s',
    async (method) => {
      const scene = new Scene();
      scene.world.github.faults.plan({ method, nth: 1, when: 'before' });
      await expect(scene.policies.inForce(place)).rejects.toMatchObject({
        code: 'github.unavailable',
      });
    },
  );
});

describe('a policy by its digest', () => {
  it('is the one that was kept, value for value', async () => {
    const scene = new Scene();
    scene.own(pids(100));
    const reading = await scene.policies.inForce(place);
    if (!reading.ok) throw new Error('there is no policy');
    const { policy, digest } = reading.loaded;
    expect(await keepPolicy(scene.world.store.artifacts, policy)).toBe(digest);
    expect(await scene.policies.byDigest(digest)).toEqual(policy);
  });

  it('is never a guess', async () => {
    const scene = new Scene();
    const missing = scene.policies.byDigest(digestOf('nobody kept this'));
    await expect(missing).rejects.toMatchObject({ code: 'store.corrupt' });
    const other = await scene.world.store.artifacts.put(Buffer.from('{"version":1}'));
    await expect(scene.policies.byDigest(other)).rejects.toMatchObject({ code: 'store.corrupt' });
  });
});
