import { type FixSource, readFixSource } from '../commands/fix-source.ts';
import { findingIdIn } from '../report/inline/marker.ts';
import { safeCode } from '../report/sanitise.ts';
import type { AskedWork } from './asked-work.ts';
import { nothingAsked } from './asked-work.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { checkNamed, failedChecks, workOfCheck } from './failed-checks.ts';
import { findingNamed } from './finding-named.ts';
import { commentsBefore, isOfBefore, repliesBefore, standing, textOf } from './said-before.ts';

/** Most findings that one comment may name. */
const maxFindings = 50;

/** What a fix is to work on, or why that cannot be said. */
export type AskedReading =
  | { readonly ok: true; readonly asked: AskedWork; readonly instructions: string | null }
  | { readonly ok: false; readonly reason: string };

/**
 * Finds what `/sallyport fix` names: findings by their ids, a check that failed, or what the thread is about in which
 * it was said, be it ours or somebody else's. On an issue it is what was said below that.
 */
export async function readAsked(
  context: Context,
  request: CommandRequest,
  text: string | null,
): Promise<AskedReading> {
  const source = readFixSource(text);
  const { instructions } = source;
  if (source.findings.length > 0) return ofFindings(context, request, source);
  if (request.subjectKind === 'issue') return ofIssue(context, request, source);
  if (source.check !== null || source.maybeCheck !== null) {
    return ofCheck(context, request, source);
  }
  return ofThread(context, request, instructions);
}

async function ofFindings(
  context: Context,
  request: CommandRequest,
  { findings: ids, instructions }: FixSource,
): Promise<AskedReading> {
  const findings: AskedWork['findings'] = [];
  if (ids.length > maxFindings) return no(`At most ${maxFindings} findings are fixed at once.`);
  for (const id of ids) {
    const finding = await findingNamed(context, request, id);
    if (finding === undefined) return no(`There is no finding \`${id}\` on this pull request.`);
    findings.push(finding);
  }
  return { ok: true, asked: { findings, evidence: [] }, instructions };
}

async function ofIssue(
  context: Context,
  request: CommandRequest,
  { check, instructions }: FixSource,
): Promise<AskedReading> {
  if (check !== null) return no('An issue has no checks.');
  const evidence = await commentsBefore(context, request);
  return { ok: true, asked: { findings: [], evidence }, instructions };
}

async function ofCheck(
  context: Context,
  request: CommandRequest,
  { check, maybeCheck, instructions }: FixSource,
): Promise<AskedReading> {
  const failed = await failedChecks(context, request);
  const named = checkNamed(failed, { check, maybeCheck });
  if (named !== undefined) {
    const asked = await workOfCheck(context, request, named.run);
    const toDo = check === null ? named.rest : instructions;
    if (toDo === null && saysNothing(asked))
      return no('That check does not say what failed. Say what is to be done, after its name.');
    return { ok: true, asked, instructions: toDo };
  }
  // Without quotes it was no name, but what is to be done.
  if (check === null) return { ok: true, asked: nothingAsked, instructions };
  const names = failed.slice(0, 10).map(({ name }) => safeCode(name));
  const there = names.length === 0 ? 'No check failed here.' : `Failed: ${names.join(', ')}.`;
  return no(`No check of that name failed on the head of this pull request. ${there}`);
}

function saysNothing({ findings, evidence }: AskedWork): boolean {
  return findings.length === 0 && evidence.every(({ text }) => text === '');
}

async function ofThread(
  context: Context,
  request: CommandRequest,
  instructions: string | null,
): Promise<AskedReading> {
  const { threadId } = request;
  if (threadId === null) return { ok: true, asked: nothingAsked, instructions };
  const ref = { commentId: threadId, isInThread: true };
  const first = await context.github.conversations.read(request.repository, ref);
  if (first === undefined) return no('The comment that this thread begins with is gone.');
  const id = first.isOwn ? findingIdIn(first.body) : undefined;
  const finding = id === undefined ? undefined : await findingNamed(context, request, id);
  if (finding === undefined && !isOfBefore(request, first)) {
    return no('The comment that this thread begins with was edited after that. Ask again.');
  }
  const replies = await repliesBefore(context, request, threadId);
  if (finding !== undefined) {
    return { ok: true, asked: { findings: [finding], evidence: replies }, instructions };
  }
  const { path = null, line = null } = first;
  const place = [path, line].filter((part) => part !== null).join(':');
  const title = `Review comment${place === '' ? '' : ` on ${place}`}`.slice(0, 300);
  const from = first.isOwn ? {} : { from: standing(first) };
  const evidence = [{ title, text: textOf(first.body), ...from }, ...replies];
  return { ok: true, asked: { findings: [], evidence }, instructions };
}

function no(reason: string): AskedReading {
  return { ok: false, reason };
}
