import type { Digest } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { EffectivePolicy, EffectiveTask } from '../policy/effective-policy.ts';
import type { Policies } from '../policy/policies.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitHub, PullRequest } from '../ports/github.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Store } from '../ports/store.ts';

/** What deciding and applying work with. */
export interface ApprovalContext {
  readonly github: GitHub;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly policies: Policies;
  /** Keeps a policy that a task goes by from now on, and what it tells the agent from the base branch. */
  keepPlan(task: Task, policy: EffectivePolicy, baseRef: string): Promise<void>;
  /** Keeps title and text as they are now for the agent of an approved run; their digest, null where it reads neither. */
  keepSubject(task: Task, rules: EffectiveTask, now: PullRequest): Promise<Digest | null>;
  /** Called after a decision moved a task, to queue what follows. */
  decided(task: Task): Promise<void>;
  /** Called after an approval that opened nothing yet, to show how many there are. */
  counted(task: Task, approvals: number): Promise<void>;
}
