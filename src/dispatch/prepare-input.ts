import type { Readable } from 'node:stream';
import { isAnalyser } from '../domain/analysers.ts';
import type { Digest } from '../domain/ids.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import type { ChangedFile } from '../protocol/task-input.ts';
import { agentInput } from './agent-input.ts';
import type { AgentPorts, AgentRun } from './agent-run.ts';
import { inputFilter, shownFiles, wholeFile } from './input-filter.ts';
import { readGuides } from './read-guides.ts';
import { importedPaths, replacedPaths } from './replaced-paths.ts';

/** What the agent's sandbox is given. */
export interface PreparedInput {
  readonly snapshot: SourceSnapshot;
  /** The files that the agent is told of. */
  readonly shown: ChangedFile[];
  readonly bundle: { readonly digest: Digest; readonly stream: () => Readable };
  /** Of the prompt, which is kept; null: there is none. */
  readonly promptDigest: Digest | null;
}

/**
 * Reads the commits, and makes of them what the agent may see and is told. One that files can steer gets them from the
 * base branch, and the whole tree of the merge base to compare with.
 */
export async function prepareInput(
  { source, artifacts }: Pick<AgentPorts, 'source' | 'artifacts'>,
  run: AgentRun,
): Promise<PreparedInput> {
  const { rules, ask } = run;
  const snapshot = await readCommits(source, run, rules.agent);
  const shown =
    run.wholeTree === true
      ? snapshot.files.map((path) => wholeFile(path))
      : await shownFiles(inputFilter(rules), snapshot.changedFiles);
  const prompt = await promptOf(run, snapshot, shown);
  const { priorFindings = [], labels = [] } = ask?.prompt ?? {};
  // An analyser looks the same way whatever it is for, so that its input is what it always was.
  const { purpose: _ofTheTask, ...order } = run;
  const input = agentInput({ ...order, ...ask, priorFindings, labels }, snapshot, shown);
  return {
    snapshot,
    shown,
    bundle: snapshot.bundle(input, { prompt, base: !isAnalyser(rules.agent) }),
    promptDigest: prompt === null ? null : await artifacts.put(Buffer.from(prompt)),
  };
}

/** The commits of a run as this agent may have them: one that files can steer gets those from the base branch. */
export function readCommits(
  source: AgentPorts['source'],
  { location, task, rules, signal }: Pick<AgentRun, 'location' | 'task' | 'rules' | 'signal'>,
  agent: string,
): Promise<SourceSnapshot> {
  const isSteerable = !isAnalyser(agent);
  const limits = { ...rules.limits, ...inputFilter(rules), isSteerable };
  return source.snapshot(location, task, limits, signal);
}

async function promptOf(
  { task, policyInstructions = null, ask, wholeTree = false }: AgentRun,
  snapshot: SourceSnapshot,
  shown: readonly ChangedFile[],
): Promise<string | null> {
  if (ask === undefined) return null;
  return renderPrompt({
    ...ask.prompt,
    policyInstructions,
    request: task.instructions,
    parameters: task.parameters ?? {},
    guides: await readGuides(snapshot),
    // A list of every file says nothing that the tree does not.
    changedFiles: wholeTree ? [] : shown,
    replaced: replacedPaths(snapshot),
    imported: importedPaths(snapshot),
  });
}
