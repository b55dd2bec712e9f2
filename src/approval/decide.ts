import { isDeepStrictEqual } from 'node:util';
import type { Gate } from '../domain/approval.ts';
import type { Actor } from '../domain/repository.ts';
import { approvalAgeMs } from '../policy/decide/gate.ts';
import { mayApprove, mayRun, whyNoFork } from '../policy/decide/people.ts';
import type { Person, Verdict } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { adoptPolicy } from './adopt-policy.ts';
import { readPatch } from './after-bytes.ts';
import { bindingOf } from './binding.ts';
import type { ApprovalContext } from './context.ts';
import { type DecidedAt, type DecisionRequest, decisionEvent } from './decision-event.ts';
import { type GatedTask, judgeGate } from './judge-gate.ts';
import { presentRules } from './present-rules.ts';
import { readOutcome } from './read-outcome.ts';
import { type ReadPerson, readPerson } from './read-person.ts';
import { readSubject } from './read-subject.ts';
import { requestersOf } from './requesters.ts';
import { whyUnseen } from './why-unseen.ts';
import { gateOf, whyVoid } from './why-void.ts';

/** What became of a decision. `isCounted`: it stands and opens nothing yet; the reason says what is missing. */
export type DecisionResult = Verdict & { readonly isCounted?: true };

/**
 * Takes a decision at the gate where the task waits. The policy and the permission are read now, the binding
 * is compared with the pull request or issue as it is now, and only then the decision is recorded and the task
 * moved. A run goes by the policy under which it was let start, and its agent gets the title and text of then,
 * whatever it was planned with.
 */
export async function decide(
  context: ApprovalContext,
  request: DecisionRequest,
): Promise<DecisionResult> {
  const { task, by } = request;
  const gate = gateOf(task);
  if (gate === undefined && (await isDecided(context, request))) return yes;
  if (gate === undefined) return no(`Task \`${task.id}\` is not waiting for a decision.`);
  if (by.type !== 'User') return no('Only people decide at a gate.');
  const pullRequest = await readSubject(context.github, task);
  const present = await presentRules(context, task, pullRequest);
  if (!present.ok) return no(present.reason);
  const person = await readDecider(context, { task, rules: present.rules, pullRequest }, by);
  const isRequester = (await requestersOf(context.store, task)).has(by.id);
  const may = mayDecide(present.rules, { gate, person, isRequester });
  if (!may.allowed) return may;
  const refusal = whyNoFork(present.rules, pullRequest);
  if (refusal !== undefined && gate === 'run' && request.decision === 'approve') return no(refusal);
  const { digest: policyDigest } = present.loaded;
  const voided =
    request.decision === 'approve' ? whyVoid(task, gate, { pullRequest, policyDigest }) : undefined;
  if (voided !== undefined) {
    return no(`This approval would not hold: ${voided}. Ask for the ${task.name} again.`);
  }
  const isRun = gate === 'run' && request.decision === 'approve';
  const unseen = isRun ? whyUnseen(request, present.rules, pullRequest) : undefined;
  if (unseen !== undefined) return no(unseen);
  const { baseRef } = pullRequest;
  const decided = isRun ? await adoptPolicy(context, task, { ...present, baseRef }) : task;
  const shown = isRun
    ? { subjectDigest: await context.keepSubject(task, present.rules, pullRequest) }
    : {};
  const at = { gate, role: person.permission, task: decided, ...shown };
  await record(context, request, { ...at, rules: present.rules });
  const isWrite = gate === 'write' && request.decision === 'approve';
  const gated = { task, rules: present.rules, pullRequest };
  const opened = isWrite ? await judgeGate(context, gated, await readPatch(context, task)) : yes;
  if (!opened.allowed) return count(context, request, opened.reason);
  return move(context, request, at);
}

/** The person as the gate's rules look at people: for a patch, with what they own of its files. */
async function readDecider(
  context: ApprovalContext,
  { task, rules, pullRequest }: GatedTask,
  who: Actor,
): Promise<ReadPerson> {
  const question = { repository: task.repository, who, pullRequest };
  if (gateOf(task) === 'run') return readPerson(context.github, { ...question, whos: rules.run });
  const { changes } = await readOutcome(context.store.artifacts, task);
  const paths = changes.map(({ path }) => path);
  return readPerson(context.github, { ...question, whos: rules.approve, paths });
}

/** An approval that is not enough by itself: it stands, and the check says what is missing. */
async function count(
  context: ApprovalContext,
  { task, by, via, cause }: DecisionRequest,
  missing: string,
): Promise<DecisionResult> {
  const approvals = await context.store.approvals.ofTask(task.id);
  const data = {
    by: by.id,
    login: by.login,
    via,
    deliveryId: cause,
    missing: missing.slice(0, 500),
  };
  await context.ledger.append({ type: 'gate.write.counted', taskId: task.id, data });
  await context.counted(task, approvals.length);
  return { allowed: true, reason: missing, isCounted: true };
}

/** A second click, or a delivery that is handled again: the same person has decided just so already. */
async function isDecided(context: ApprovalContext, request: DecisionRequest): Promise<boolean> {
  const approvals = await context.store.approvals.ofTask(request.task.id);
  const last = approvals.at(-1);
  return last?.by.id === request.by.id && last.decision === request.decision;
}

function mayDecide(
  rules: EffectiveTask,
  {
    gate,
    person,
    isRequester,
  }: { readonly gate: Gate; readonly person: Person; readonly isRequester: boolean },
): Verdict {
  if (gate === 'run') return mayRun(rules, person);
  return mayApprove(rules, person, { isRequester });
}

async function record(
  context: ApprovalContext,
  { decision, by, via }: DecisionRequest,
  { gate, role, task, rules }: DecidedAt & { readonly rules: EffectiveTask },
): Promise<void> {
  const binding = bindingOf(task, gate);
  const atMs = context.clock.nowMs();
  const taskId = task.id;
  const before = await context.store.approvals.ofTask(taskId);
  const last = before.findLast((one) => one.by.id === by.id && one.gate === gate);
  // A delivery that is handled again, or a second click. One that is too old by now may be given anew.
  const isSame = last?.decision === decision && isDeepStrictEqual(last.binding, binding);
  if (isSame && atMs - last.atMs <= approvalAgeMs(rules)) return;
  await context.store.approvals.add({ taskId, gate, decision, binding, by, role, via, atMs });
}

/** Moves the task by what was decided. The decision that moves it is the one in the ledger. */
async function move(
  context: ApprovalContext,
  request: DecisionRequest,
  at: DecidedAt,
): Promise<Verdict> {
  const { task, decision } = request;
  const { kind, policyDigest } = at.task;
  const approved = at.gate === 'run' ? 'queued' : 'applying';
  const to = decision === 'reject' ? 'cancelled' : approved;
  const reason = decision === 'reject' ? `gate:${at.gate}:rejected` : null;
  const patch = { reason, kind, policyDigest, checkConcluded: false };
  const tell = () => decisionEvent(request, at);
  const moved = await context.store.tasks.transition(task.id, [task.state], to, patch, tell);
  if (moved === undefined) return no('Somebody else decided first.');
  await context.decided(moved);
  return yes;
}

const yes: Verdict = { allowed: true, reason: 'It is decided.' };

function no(reason: string): Verdict {
  return { allowed: false, reason };
}
