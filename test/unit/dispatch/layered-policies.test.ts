import { describe, expect, it } from 'vitest';
import { LayeredPolicies } from '../../../src/dispatch/layered-policies.ts';
import { keepPolicy } from '../../../src/dispatch/policy-record.ts';
import { digestOf } from '../../../src/domain/ids.ts';
import { SallyportError } from '../../../src/errors.ts';
import { describeFault } from '../../../src/policy/fault.ts';
import type { RepositoryFile } from '../../../src/ports/files.ts';
import { repository, World } from '../../support/fakes/world.ts';
import { sampleLayer } from '../../support/report/samples.ts';

const place = { repository, baseRef: 'main' };

class Scene {
  readonly world: World;
  readonly told: unknown[] = [];
  readonly policies: LayeredPolicies;

  constructor(world = new World()) {
    this.world = world;
    this.policies = new LayeredPolicies({
      operator: sampleLayer(),
      github: world.github,
      artifacts: world.store.artifacts,
      cursors: world.store.cursors,
      clock: world.clock,
      log: {
        info: (...said) => void this.told.push(said),
        warn: () => undefined,
        error: () => undefined,
      },
    });
  }

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
  it('is none where the installation never had the repository, and the log says so', async () => {
    const scene = new Scene();
    scene.world.github.ownersTexts = null;
    expect(await scene.pids()).toBe(512);
    expect(JSON.stringify(scene.told)).toContain('github.not-found');
  });

  it('is a fault once it was read and the App cannot reach it any more, also after a start', async () => {
    const scene = new Scene();
    scene.owners(pids(200));
    expect(await scene.pids()).toBe(200);
    scene.world.github.ownersTexts = null;
    scene.own(pids(400));
    expect(await scene.faults()).toEqual([
      'acme/.github:sallyport.yml:1:1: was read before and is out of the App’s reach now; give the App access to acme/.github, and delete the file there if it is not to hold any more',
    ]);
    const restarted = new Scene(scene.world);
    expect(await restarted.faults()).toHaveLength(1);
    scene.owners(pids(300));
    scene.world.github.texts.clear();
    expect(await restarted.pids()).toBe(300);
  });

  it('is none again once its file is deleted where the App can see that', async () => {
    const scene = new Scene();
    scene.owners(pids(200));
    expect(await scene.pids()).toBe(200);
    scene.world.github.ownersTexts = new Map();
    expect(await scene.pids()).toBe(512);
    scene.world.github.ownersTexts = null;
    expect(await scene.pids()).toBe(512);
  });

  it('is remembered however the owner’s name is written', async () => {
    const scene = new Scene();
    scene.owners(pids(200));
    expect(await scene.pids()).toBe(200);
    scene.world.github.ownersTexts = null;
    const shouted = { ...place, repository: { ...repository, owner: 'ACME' } };
    expect(await scene.policies.inForce(shouted)).toMatchObject({ ok: false });
    const other = { ...place, repository: { ...repository, owner: 'other' } };
    expect(await scene.policies.inForce(other)).toMatchObject({ ok: true });
  });

  it('is a fault from the first while GitHub forbids it', async () => {
    const scene = new Scene();
    Object.assign(scene.world.github, {
      files: {
        onBranch: async () => undefined,
        ofOwner: async () => {
          throw new SallyportError('github.forbidden', 'GitHub: HTTP 403');
        },
      },
    });
    expect(await scene.faults()).toEqual([
      'acme/.github:sallyport.yml:1:1: GitHub lets the App not read it; let the App read contents of acme/.github',
    ]);
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
