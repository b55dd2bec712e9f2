import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { CommitSha, type TaskId } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { ContainmentOrder } from '../protocol/containment.ts';
import { protocolVersion, TaskInput } from '../protocol/task-input.ts';

/** Commit time of a task that has no commit, in epoch seconds. */
const noCommitTime = 1_700_000_000;

/** What a task of the agent `containment` is made of. */
export interface ContainmentTask {
  readonly taskId: TaskId;
  readonly order: ContainmentOrder;
  readonly limits: Limits;
  readonly agentMs: number;
  readonly head: Readonly<Record<string, string>>;
}

/** The input bundle of a containment task, as a sandbox fetches it. */
export function containmentBundle(task: ContainmentTask): Readable {
  const archive = pack();
  archive.entry({ name: 'task.json' }, JSON.stringify(inputOf(task)));
  archive.entry({ name: 'diff.patch' }, '');
  for (const [path, text] of Object.entries(task.head))
    archive.entry({ name: `head/${path}` }, text);
  archive.finalize();
  return Readable.from(archive as AsyncIterable<Buffer>, { objectMode: false });
}

/** What only agents with a model are told. */
type OfModels =
  | 'purpose'
  | 'model'
  | 'priorFindings'
  | 'replaced'
  | 'hasBase'
  | 'labels'
  | 'commands';

function inputOf({ taskId, order, limits, agentMs }: ContainmentTask): TaskInput {
  const { resultBytes, resultFiles, findings } = limits;
  return TaskInput.parse({
    protocol: protocolVersion,
    taskId,
    kind: 'review',
    agent: 'containment',
    headSha: CommitSha.parse('0'.repeat(40)),
    baseSha: CommitSha.parse('0'.repeat(40)),
    policyInstructions: null,
    parameters: {},
    instructions: JSON.stringify(order),
    changedFiles: [],
    sourceDateEpoch: noCommitTime,
    limits: { agentMs, resultBytes, resultFiles, findings },
  } satisfies Record<Exclude<keyof TaskInput, OfModels>, unknown>);
}
