import type { Updateable } from 'kysely';
import { Task } from '../../domain/task.ts';
import type { TaskPatch } from '../../ports/store.ts';
import { jsonOrNothing, parseRow, wholeNumber, wholeNumberOrNull } from './row-values.ts';
import type { TaskRow } from './schema.ts';

/** The row of a task. */
export function taskToRow(task: Task): TaskRow {
  return {
    id: task.id,
    task_name: task.name,
    kind: task.kind,
    state: task.state,
    installation_id: task.repository.installationId,
    repository_id: task.repository.repositoryId,
    owner: task.repository.owner,
    name: task.repository.name,
    subject_kind: task.subjectKind,
    pull_request: task.pullRequest,
    head_sha: task.headSha,
    base_sha: task.baseSha,
    cause: task.cause,
    instructions: task.instructions,
    parameters: JSON.stringify(task.parameters),
    requested_by_id: task.requestedBy.id,
    requested_by_login: task.requestedBy.login,
    requested_by_type: task.requestedBy.type,
    is_automatic: task.isAutomatic ? 1 : 0,
    policy_digest: task.policyDigest,
    check_run_id: task.checkRunId,
    check_concluded: task.checkConcluded ? 1 : 0,
    attempt: task.attempt,
    runner_id: task.runnerId,
    input_digest: task.inputDigest,
    image_digest: task.imageDigest,
    outcome_digest: task.outcomeDigest,
    patch_digest: task.patchDigest,
    reason: task.reason,
    created_at_ms: task.createdAtMs,
    updated_at_ms: task.updatedAtMs,
  };
}

/**
 * The task of a row.
 * @throws SallyportError `store.corrupt`
 */
export function taskFromRow(row: TaskRow): Task {
  return parseRow(Task, 'tasks', {
    id: row.id,
    name: row.task_name,
    kind: row.kind,
    state: row.state,
    repository: {
      installationId: wholeNumber(row.installation_id),
      repositoryId: wholeNumber(row.repository_id),
      owner: row.owner,
      name: row.name,
    },
    subjectKind: row.subject_kind,
    pullRequest: wholeNumber(row.pull_request),
    headSha: row.head_sha,
    baseSha: row.base_sha,
    cause: row.cause,
    instructions: row.instructions,
    parameters: jsonOrNothing(row.parameters),
    requestedBy: {
      id: wholeNumber(row.requested_by_id),
      login: row.requested_by_login,
      type: row.requested_by_type,
    },
    isAutomatic: wholeNumber(row.is_automatic) === 1,
    policyDigest: row.policy_digest,
    checkRunId: wholeNumberOrNull(row.check_run_id),
    checkConcluded: wholeNumber(row.check_concluded) === 1,
    attempt: wholeNumber(row.attempt),
    runnerId: row.runner_id,
    inputDigest: row.input_digest,
    imageDigest: row.image_digest,
    outcomeDigest: row.outcome_digest,
    patchDigest: row.patch_digest,
    reason: row.reason,
    createdAtMs: wholeNumber(row.created_at_ms),
    updatedAtMs: wholeNumber(row.updated_at_ms),
  });
}

type Changes = Updateable<TaskRow>;
type Writer = (value: never) => Changes;

/** How each field of a patch is written; a field that is missing here does not compile. */
const writers: { readonly [Field in keyof Required<TaskPatch>]: (value: Task[Field]) => Changes } =
  {
    kind: (value) => ({ kind: value }),
    policyDigest: (value) => ({ policy_digest: value }),
    checkRunId: (value) => ({ check_run_id: value }),
    checkConcluded: (value) => ({ check_concluded: value ? 1 : 0 }),
    attempt: (value) => ({ attempt: value }),
    runnerId: (value) => ({ runner_id: value }),
    inputDigest: (value) => ({ input_digest: value }),
    imageDigest: (value) => ({ image_digest: value }),
    outcomeDigest: (value) => ({ outcome_digest: value }),
    patchDigest: (value) => ({ patch_digest: value }),
    reason: (value) => ({ reason: value }),
  };

/** The columns that a patch changes. Refuses a field that no patch has. */
export function patchToRow(patch: TaskPatch): Changes {
  const changes: Changes = {};
  for (const [field, value] of Object.entries(patch)) {
    if (!Object.hasOwn(writers, field)) throw new TypeError(`a task patch has no ${field}`);
    const writer = writers[field as keyof TaskPatch] as Writer;
    Object.assign(changes, writer(value as never));
  }
  return changes;
}
