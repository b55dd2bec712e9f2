import { goneFindings } from '../../../src/dispatch/gone-findings.ts';
import { knownFindings } from '../../../src/dispatch/known-findings.ts';
import { headSnapshot } from '../../../src/doctor/head-snapshot.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { SourceSnapshot } from '../../../src/ports/source.ts';
import type { World } from '../fakes/world.ts';
import { type PlayedLine, textOf } from './played-files.ts';
import type { PlayedBranch } from './played-pushes.ts';
import type { Sighted } from './played-review.ts';

/** What the run of an agent with a model says of earlier findings: as a runner finds it out. */
export async function goneIn(
  world: World,
  task: Task,
  branch: PlayedBranch,
): Promise<readonly string[]> {
  return goneFindings(snapshotOf(branch), await knownFindings(world.context, task));
}

function snapshotOf({ files }: PlayedBranch): SourceSnapshot {
  const snapshot = headSnapshot(Object.fromEntries(files.map((file) => [file.path, textOf(file)])));
  const baseOf = new Map(files.map(({ path, basePath }) => [path, basePath]));
  const changedFiles = snapshot.changedFiles.map((file) => {
    const before = baseOf.get(file.path) ?? null;
    if (before === null) return file;
    if (before === file.path) return { ...file, status: 'modified' as const };
    return { ...file, status: 'renamed' as const, previousPath: RepoPath.parse(before) };
  });
  return { ...snapshot, changedFiles };
}

/** Is what a fault was last seen in still in its file? `unclear`: by its words alone nobody can tell. */
export function whereabouts(
  { files }: PlayedBranch,
  places: readonly Pick<Sighted, 'file' | 'line' | 'path'>[],
): 'there' | 'gone' | 'unclear' {
  const [place] = places;
  if (place === undefined || places.length > 1) return 'unclear';
  const { file, line, path } = place;
  const isFile = files.includes(file);
  if (line === null) {
    const isSamePath = file.path === path || file.basePath === path;
    return !isFile ? 'gone' : isSamePath ? 'there' : 'unclear';
  }
  const holds = (lines: readonly PlayedLine[]) =>
    lines.some((one) => one.text === line.text && one.fault === line.fault);
  if (isFile && holds(file.lines)) return 'there';
  return files.some(({ lines }) => holds(lines)) ? 'unclear' : 'gone';
}
