import type { Approval } from '../../src/domain/approval.ts';
import type { FindingRecord } from '../../src/domain/finding-record.ts';
import { CommitSha, DeliveryId, digestOf, taskIdFor } from '../../src/domain/ids.ts';
import { RepoPath } from '../../src/domain/repo-path.ts';
import type { Task } from '../../src/domain/task.ts';

/** A task of its own for each `name`, queued at `createdAtMs`. */
export function sampleTask(name: string, changes: Partial<Task> = {}): Task {
  return {
    id: taskIdFor(name, 'review'),
    name: 'review',
    kind: 'review',
    state: 'queued',
    repository: { installationId: 7, repositoryId: 11, owner: 'octo', name: 'fortress' },
    subjectKind: 'pull-request',
    pullRequest: 5,
    headSha: CommitSha.parse('a'.repeat(40)),
    baseSha: CommitSha.parse('b'.repeat(40)),
    cause: DeliveryId.parse(name),
    instructions: null,
    parameters: { level: 'high', constructor: 'é "quoted"' },
    requestedBy: { id: 3, login: 'mona', type: 'User' },
    isAutomatic: false,
    policyDigest: digestOf('policy'),
    checkRunId: null,
    checkConcluded: false,
    attempt: 1,
    runnerId: null,
    inputDigest: null,
    imageDigest: null,
    outcomeDigest: null,
    patchDigest: null,
    reason: null,
    createdAtMs: 1_000,
    updatedAtMs: 1_000,
    ...changes,
  };
}

/** An approval of `task` at gate `write`. */
export function sampleApproval(task: Task, changes: Partial<Approval> = {}): Approval {
  return {
    taskId: task.id,
    gate: 'write',
    decision: 'approve',
    binding: {
      repositoryId: task.repository.repositoryId,
      pullRequest: task.pullRequest,
      headSha: task.headSha,
      baseSha: task.baseSha,
      policyDigest: task.policyDigest,
      patchDigest: digestOf('patch'),
    },
    by: { id: 4, login: 'hubot', type: 'User' },
    role: 'maintain',
    via: 'button',
    atMs: 2_000,
    ...changes,
  };
}

/** An open finding; `digit` is a hex digit that its id and its marks are made of. */
export function sampleRecord(digit: string, changes: Partial<FindingRecord> = {}): FindingRecord {
  const mark = digit.repeat(32);
  return {
    id: digit.repeat(12),
    tool: 'oxlint',
    rule: 'no-debugger',
    severity: 'warning',
    path: RepoPath.parse('src/a.js'),
    marks: { key: mark, near: mark, toolKey: mark },
    state: 'open',
    place: 'inline',
    firstTask: taskIdFor('first', 'lint'),
    lastTask: taskIdFor('last', 'lint'),
    dismissal: null,
    ...changes,
  };
}
