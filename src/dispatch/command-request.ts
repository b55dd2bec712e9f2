import type { SubjectKind } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import type { Person } from '../policy/decide/person.ts';
import type { PolicyFault } from '../policy/fault.ts';
import type { LoadedPolicy } from '../policy/policies.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Asker } from './reply.ts';

/** One command's comment: who wrote it, where, when, with which standing, and the policy in force there. */
export type CommandRequest = Extract<Trigger, { type: 'comment' }> &
  Asker & {
    readonly person: Person;
    readonly subjectKind: SubjectKind;
    /** The pull request, or the issue in its terms. */
    readonly pullRequest: PullRequest;
    readonly loaded: LoadedPolicy;
    /** What is wrong with the layers there: then nothing is done. */
    readonly faults: readonly PolicyFault[];
  };
