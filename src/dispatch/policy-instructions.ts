import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { Digest, type TaskId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { SallyportError } from '../errors.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { GitHub } from '../ports/github.ts';
import type { Store } from '../ports/store.ts';
import { maxPolicyInstructionBytes, type PolicyInstructions } from '../protocol/task-input.ts';

/** The file that the rules named when the task was planned. Null digest: it was none that could be given. */
const Kept = z.strictObject({ path: z.string(), digest: Digest.nullable() });

const step = 'instructions';

type Rules = Pick<EffectiveTask, 'instructions'>;

interface Ports {
  readonly github: Pick<GitHub, 'files'>;
  readonly store: Pick<Store, 'steps' | 'artifacts'>;
}

/** A task that is planned, and the branch whose policy it goes by. */
interface Plan {
  readonly taskId: TaskId;
  readonly repository: RepositoryRef;
  readonly baseRef: string;
  readonly rules: Rules;
}

/**
 * Keeps the file that the policy names to tell the agent what to do, as it stands on the base branch and never
 * on the head. Returns its digest; null where the policy names none, or none that can be given: the run says so.
 */
export async function keepInstructions(
  { github, store }: Ports,
  { taskId, repository, baseRef, rules: { instructions: path } }: Plan,
): Promise<Digest | null> {
  if (path === null) return null;
  const content = (await github.files.onBranch(repository, baseRef, path))?.content ?? null;
  const digest =
    content !== null && canBeGiven(content) ? await store.artifacts.put(content) : null;
  await store.steps.finish(taskId, step, JSON.stringify({ path, digest }));
  return digest;
}

/**
 * What the policy tells the agent of this task, as it was when the task was planned; null when it says nothing.
 * @throws SallyportError `policy.no-instructions` for a file that was missing, too large or no UTF-8
 */
export async function keptInstructions(
  { store }: Pick<Ports, 'store'>,
  taskId: TaskId,
  { instructions: path }: Rules,
): Promise<PolicyInstructions | null> {
  if (path === null) return null;
  const found = await store.steps.find(taskId, step);
  const kept = found === undefined ? undefined : Kept.parse(JSON.parse(found));
  if (kept?.path !== path || kept.digest === null) {
    throw noInstructions(path);
  }
  return { path, text: Buffer.from(await store.artifacts.get(kept.digest)).toString('utf8') };
}

/**
 * What the policy tells the agent of a run that nobody planned. `read`: the file as the base has it.
 * @throws SallyportError `policy.no-instructions`, and what `read` throws
 */
export async function readInstructions(
  { instructions: path }: Rules,
  read: (path: string) => Promise<Uint8Array | undefined>,
): Promise<PolicyInstructions | null> {
  if (path === null) return null;
  const content = await read(path);
  if (content === undefined || !canBeGiven(content)) throw noInstructions(path);
  return { path, text: Buffer.from(content).toString('utf8') };
}

function canBeGiven(content: Uint8Array): boolean {
  return content.byteLength <= maxPolicyInstructionBytes && isUtf8(content);
}

function noInstructions(path: string): SallyportError {
  const message = `the base branch has no ${path} of UTF-8 and at most ${maxPolicyInstructionBytes} bytes`;
  return new SallyportError('policy.no-instructions', message);
}
