import { z } from 'zod';
import { Confidence, Severity } from '../../../src/domain/finding.ts';
import type { RepoPath } from '../../../src/domain/repo-path.ts';
import type { TextEdit } from '../../../src/domain/text-edit.ts';
import { ReportedFinding } from '../../../src/protocol/reported-finding.ts';
import { type AgentTool, agentTool, Refusal } from '../agent-tool.ts';
import type { Desk } from '../desk.ts';
import { lineCount, quoted, readTreeFile, repoPathOf } from '../tree-file.ts';

const line = z.int('must be a whole number from 1 on').min(1).max(10_000_000);

const Arguments = z.strictObject({
  path: z.string().min(1).max(4_096).describe('The file, relative to the root of the repository.'),
  startLine: line.optional().describe('First line, from 1. Leave it out to speak of the file.'),
  endLine: line.optional().describe('Last line, that line included. Left out: startLine.'),
  severity: Severity.describe('error: it breaks something; warning: it may; info: worth knowing.'),
  rule: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and dashes, at most 64')
    .describe('The kind of problem, such as sql-injection. One kind has one rule, each time.'),
  message: z.string().min(1).max(8_000).describe('What is wrong, and what follows from it.'),
  confidence: Confidence.optional(),
  replacement: z
    .string()
    .max(100_000)
    .optional()
    .describe('What should stand in place of these lines, as whole lines; empty removes them.'),
});
type Arguments = z.output<typeof Arguments>;

/** Says one thing about one place of the head. */
export function reportFinding(desk: Desk): AgentTool {
  return agentTool({
    name: 'report_finding',
    description:
      'Report one problem in one file of the pull request. It is shown to people on these lines. ' +
      'An answer that says what is wrong means that nothing was reported: put it right and call again.',
    schema: Arguments,
    isReading: false,
    answer: (args) => {
      const finding = findingOf(desk, args);
      const known = desk.findings.lines();
      if (known.some((one) => isSame(one, finding))) return 'That was reported already.';
      const { findings: most } = desk.input.limits;
      if (known.length >= most)
        throw new Refusal(
          `This task may have ${most} findings, and as many are reported. End here.`,
        );
      desk.findings.add(finding);
      return `Reported: ${known.length + 1} of at most ${most} findings.`;
    },
  });
}

function findingOf({ input, places }: Desk, args: Arguments): ReportedFinding {
  const path = repoPathOf(args.path, places.workspace);
  const range = rangeOf(args);
  requireThere({ input, places }, path, range);
  const { rule, severity, message, confidence } = args;
  const edit = editOf(args, range);
  return ReportedFinding.parse({
    // Whatever the agent is called: nobody speaks for another tool here.
    tool: input.agent,
    rule,
    severity,
    path,
    message: message.toWellFormed(),
    ...(range === undefined ? {} : { range }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(edit === undefined ? {} : { fix: { edits: [edit] } }),
  });
}

type Lines = { readonly startLine: number; readonly endLine: number };

function rangeOf({ startLine, endLine = startLine }: Arguments): Lines | undefined {
  if (startLine === undefined && endLine === undefined) return undefined;
  if (startLine === undefined || endLine === undefined)
    throw new Refusal('startLine: is missing. A range has a first line.');
  if (endLine < startLine)
    throw new Refusal(`endLine: ${endLine} is before startLine ${startLine}. Swap them.`);
  return { startLine, endLine };
}

function requireThere(
  { input, places }: Pick<Desk, 'input' | 'places'>,
  path: RepoPath,
  range: Lines | undefined,
): void {
  if (input.replaced?.includes(path) === true) {
    if (range === undefined) return;
    const why = 'steers agents, and is not the version of the pull request here';
    throw new Refusal(`path: ${quoted(path)} ${why}. Report it without lines.`);
  }
  const bytes = givenFile({ input, places }, path);
  const lines = lineCount(bytes);
  if (range !== undefined && range.endLine > lines)
    throw new Refusal(`endLine: ${quoted(path)} has ${lines} lines, not ${range.endLine}.`);
}

/**
 * The file as the pull request has it: one that it does not change is in the base, whatever the agent has made of it. Of
 * one that it changes there is what the workspace has.
 */
function givenFile({ input, places }: Pick<Desk, 'input' | 'places'>, path: RepoPath): Buffer {
  const isChanged = input.changedFiles.some((file) => file.path === path);
  const isInBase = input.hasBase === true && !isChanged;
  const bytes = readTreeFile(isInBase ? places.base : places.workspace, path);
  if (bytes !== undefined) return bytes;
  if (isInBase && readTreeFile(places.workspace, path) !== undefined)
    throw new Refusal(`path: the pull request has no file ${quoted(path)}: it was made here.`);
  throw new Refusal(`path: there is no file ${quoted(path)} in the workspace. Check its name.`);
}

function editOf({ replacement }: Arguments, range: Lines | undefined): TextEdit | undefined {
  if (replacement === undefined) return undefined;
  if (range === undefined)
    throw new Refusal('replacement: there are no lines to replace. Say startLine and endLine.');
  const newText = replacement.toWellFormed().replace(/\r?\n$/, '');
  const { startLine, endLine } = range;
  return replacement === ''
    ? { startLine, startColumn: 1, endLine: endLine + 1, endColumn: 1, newText: '' }
    : { startLine, startColumn: 1, endLine, newText };
}

function isSame(known: unknown, finding: ReportedFinding): boolean {
  const other = ReportedFinding.safeParse(known);
  if (!other.success)
    throw new Refusal('The journal of findings has a line that is none. Remove it.');
  const { path, rule, message, range } = other.data;
  const isHere = path === finding.path && range?.startLine === finding.range?.startLine;
  return isHere && rule === finding.rule && message === finding.message;
}
