import { Finding } from '../../../src/domain/finding.ts';
import { marksOf } from '../../../src/domain/fingerprint.ts';
import { CommitSha, digestOf } from '../../../src/domain/ids.ts';
import { Outcome, type ProposedChange } from '../../../src/domain/outcome.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { FakeStore } from '../fakes/fake-store.ts';
import type { Choices } from './choices.ts';
import { diffOf } from './played-diff.ts';
import {
  type PlayedFault,
  type PlayedFile,
  type PlayedLine,
  rendered,
  surroundings,
  textOf,
} from './played-files.ts';
import { modelAgent, type PlayedBranch, tools } from './played-pushes.ts';

/** What goes wrong in one run. */
export interface Mishaps {
  /** Of a hundred faults so many are not mentioned: a model led the run. */
  readonly silence?: number;
  readonly failedTools: readonly string[];
  /** Most findings; what comes after is cut. */
  readonly most: number;
}

/** A fault that the run tells of, where it stands. */
export interface Sighted {
  readonly fault: PlayedFault;
  readonly file: PlayedFile;
  /** Null: the file as a whole. */
  readonly line: PlayedLine | null;
  readonly path: string;
  /** What tells it from its equals. */
  readonly around: string;
}

/** A run's outcome, and what it is made from. */
export interface PlayedReview {
  readonly outcome: Outcome;
  readonly sighted: readonly Sighted[];
  readonly diff: string;
}

/** What an agent would find on this branch. */
export async function reviewOf(
  branch: PlayedBranch,
  { artifacts }: Pick<FakeStore, 'artifacts'>,
  { mishaps, choices }: { readonly mishaps: Mishaps; readonly choices: Choices },
): Promise<PlayedReview> {
  const { failedTools, most, silence } = mishaps;
  const agents: readonly string[] = silence === undefined ? tools : [modelAgent];
  const running = agents.filter((tool) => !failedTools.includes(tool));
  // What a model says before it breaks off is said; what it does not mention is anybody's guess.
  const isTold = ({ tool }: PlayedFault): boolean =>
    silence === undefined ? !failedTools.includes(tool) : !choices.percent(silence);
  const sighted = branch.files.flatMap(sightedIn).filter(({ fault }) => isTold(fault));
  const shown = sighted.slice(0, most);
  const findings = shown.map(findingOf);
  const put = (text: string) => artifacts.put(Buffer.from(text));
  const lines = new Set(shown.flatMap(({ line }) => line ?? []));
  const changes: ProposedChange[] = [];
  for (const file of branch.files) {
    const [before, after] = [textOf(file), textOf(file, lines)];
    if (before === after) continue;
    const path = RepoPath.parse(file.path);
    changes.push({ path, before: await put(before), after: await put(after) });
  }
  const diff = diffOf(branch.files);
  const outcome = Outcome.parse({
    findings,
    marks: shown.map(({ file }, at) => marksOf(findings[at] as Finding, file.lines.map(rendered))),
    changes,
    refused: [],
    omitted: [],
    tools: running.map((name) => ({ name, version: '1' })),
    toolErrors: failedTools.map((tool) => ({ tool, message: 'it crashed' })),
    mergeBaseSha: CommitSha.parse('d'.repeat(40)),
    diffDigest: await put(diff),
    inputDigest: digestOf('input'),
    imageDigest: 'sha256:image',
    runtime: 'runc',
    runMs: 5,
  });
  return { outcome, sighted: shown, diff };
}

function sightedIn(file: PlayedFile): Sighted[] {
  const { path } = file;
  const sight = (fault: PlayedFault, line: PlayedLine | null): Sighted => {
    return { fault, file, line, path, around: surroundings(file, line) };
  };
  return [
    ...file.faults.map((fault) => sight(fault, null)),
    ...file.lines.flatMap((line) => (line.fault === null ? [] : [sight(line.fault, line)])),
  ];
}

function findingOf({ fault, file, line, path }: Sighted): Finding {
  const { token, tool, rule, severity, hasColumns, hasFingerprint } = fault;
  const number = line === null ? 1 : file.lines.indexOf(line) + 1;
  const range = { startLine: number, endLine: number };
  const columns =
    line === null
      ? {}
      : { startColumn: line.indent + 1, endColumn: line.indent + line.text.length + 1 };
  return Finding.parse({
    tool,
    rule,
    severity,
    path,
    message: `Problem ${token} on line ${number}`,
    ...(line === null ? {} : { range: hasColumns ? { ...range, ...columns } : range }),
    ...(hasFingerprint ? { toolFingerprint: `print-${token}` } : {}),
  });
}
