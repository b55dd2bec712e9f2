import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext, type Context } from '../../../src/dispatch/context.ts';
import { reconcile } from '../../../src/dispatch/recover.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { CommitSha, digestOf } from '../../../src/domain/ids.ts';
import { isEnded, type Task } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import {
  branchOf,
  setBranch,
  storedNow,
  storedTask,
  syncPull,
} from '../../support/fakes/fix-scene.ts';
import { headSha, number, World } from '../../support/fakes/world.ts';

/** What can happen to a fix, in any order. */
const act = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: 'settle' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'settle-twice' } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      login: fc.constantFrom('maintainer', 'contributor', 'reader'),
      decision: fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      method: fc.constantFrom(
        'commits.commitOnBranch',
        'commits.branchHead',
        'permissions.of',
        'pullRequests.get',
        'checkRuns.update',
        'steps.begin',
        'steps.finish',
        'tasks.transition',
        'tasks.get',
      ),
      nth: fc.integer({ min: 1, max: 2 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'push' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'push-during' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'rebase-base' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'close' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'change-policy' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'lose-permission' } as const) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** One fix in one world, and a look at every commit in the moment in which it is made. */
class Scene {
  readonly world = new World();
  readonly commits: string[] = [];
  readonly voidCommits: string[] = [];
  #task: Task | undefined;
  #pushes = 0;
  #isPushing = false;

  async open(): Promise<void> {
    this.#task = await storedTask(this.world, 'publishing');
    const { commits, permissions } = this.world.github;
    const askRole = permissions.of.bind(permissions);
    permissions.of = async (...parts) => {
      const role = await askRole(...parts);
      if (this.#isPushing) this.#push();
      this.#isPushing = false;
      return role;
    };
    const real = commits.commitOnBranch.bind(commits);
    commits.commitOnBranch = async (...parts) => {
      try {
        return await real(...parts);
      } finally {
        this.#note();
      }
    };
  }

  get task(): Task {
    if (this.#task === undefined) throw new Error('the scene is not open');
    return this.#task;
  }

  /** Does `act`; what fails by a planned fault is a crash, after which everything goes on. */
  async play(one: Act): Promise<void> {
    try {
      await this.#play(one);
    } catch (error) {
      if (!(error instanceof SallyportError && error.message === 'planned')) throw error;
    }
  }

  /** No more faults; every job is done until nothing moves any more. */
  async finish(): Promise<void> {
    this.world.github.faults.forget();
    this.world.store.faults.forget();
    for (let round = 0; round < 4; round += 1) {
      await reconcile(this.world.context);
      await settleTask(this.world.context, this.task.id);
    }
  }

  async #play(one: Act): Promise<void> {
    const { world } = this;
    switch (one.do) {
      case 'settle':
        return settleTask(world.context, this.task.id);
      case 'settle-twice': {
        const ends = await Promise.allSettled([this.#settleElsewhere(), this.#settleElsewhere()]);
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
        return;
      }
      case 'decide':
        return this.#decide(one.login, one.decision);
      case 'fault': {
        const { method, nth, when } = one;
        const isStore = method.startsWith('steps') || method.startsWith('tasks');
        const { faults } = isStore ? world.store : world.github;
        const error = new SallyportError('github.unavailable', 'planned');
        return faults.plan({ method, nth, when, error });
      }
      case 'push':
        return this.#push();
      case 'push-during':
        this.#isPushing = true;
        return;
      case 'rebase-base':
        return world.setPull({ baseSha: shaOf('base') });
      case 'close':
        return world.setPull({ state: 'closed' });
      case 'change-policy':
        world.policy = { ...world.policy, digest: digestOf('another policy') };
        return;
      case 'lose-permission':
        return world.setRole('maintainer', 'read');
    }
  }

  #push(): void {
    this.#pushes += 1;
    setBranch(this.world, { sha: shaOf(`push ${this.#pushes}`), message: 'theirs' });
  }

  /** Another process: nothing in memory keeps it from what this one does. */
  #settleElsewhere(): Promise<void> {
    const elsewhere: Context = { ...this.world.context, turns: new World().turns };
    return settleTask(elsewhere, this.task.id);
  }

  async #decide(login: string, decision: 'approve' | 'reject'): Promise<void> {
    const { world } = this;
    const task = await storedNow(world, this.task);
    const request = {
      by: world.person(login),
      via: 'button',
      cause: world.nextDelivery(),
      saidAtMs: world.clock.nowMs(),
    } as const;
    await decide(approvalContext(world.context), { ...request, task, decision });
  }

  /** Judges a commit by the world as it is in this moment, not by anything the code has computed. */
  #note(): void {
    const { world, task } = this;
    const made = branchOf(world);
    // Two at once both come by here; the one that was refused finds the commit of the other.
    if (!made.message.includes(task.id) || this.commits.includes(made.sha)) return;
    this.commits.push(made.sha);
    const pull = world.github.pulls.get(`7#${number}`);
    const approvals = world.store.approvals.rows;
    const role = world.github.roles.get(approvals.at(-1)?.by.login ?? '') ?? 'none';
    const holds =
      made.parents[0] === headSha &&
      approvals.at(-1)?.decision === 'approve' &&
      pull?.baseSha === task.baseSha &&
      pull.state === 'open' &&
      world.policy.digest === task.policyDigest &&
      ['write', 'maintain', 'admin'].includes(role);
    if (!holds) this.voidCommits.push(made.sha);
    syncPull(world);
  }
}

const approval: readonly Act[] = [
  { do: 'settle' },
  { do: 'decide', login: 'maintainer', decision: 'approve' },
];

function shaOf(text: string): CommitSha {
  return CommitSha.parse(createHash('sha1').update(text).digest('hex'));
}

describe('whatever happens in whatever order', () => {
  it('no commit is made on a void approval, none twice, and no task is left hanging', {
    timeout: 60_000,
  }, async () => {
    let commits = 0;
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(act, { maxLength: 12 }), async (isApproved, acts) => {
        const scene = new Scene();
        await scene.open();
        for (const one of [...(isApproved ? approval : []), ...acts]) await scene.play(one);
        await scene.finish();
        expect(scene.voidCommits).toEqual([]);
        expect(scene.commits.length).toBeLessThanOrEqual(1);
        commits += scene.commits.length;
        const end = await storedNow(scene.world, scene.task);
        expect(isEnded(end.state) || end.state === 'awaiting-approval').toBe(true);
        expect(end.checkConcluded).toBe(true);
        const run = scene.world.github.runs.get(end.checkRunId ?? 0);
        expect(run?.state.status).toBe('completed');
        expect(run?.output.title.includes('applied')).toBe(end.state === 'done');
      }),
      { numRuns: 250 },
    );
    // The property says nothing if no run ever got as far as a commit.
    expect(commits).toBeGreaterThan(20);
  });
});
