import { RepoPath } from '../domain/repo-path.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import type { ProjectGuide } from '../prompt/prompt-parts.ts';

/**
 * What projects tell coding agents, by the names that most of them read (https://agents.md and Claude Code's
 * documentation of memory). No agent reads those at the top by itself here: each of them gets them with its prompt.
 */
const names = ['AGENTS.md', 'CLAUDE.md'].map((name) => RepoPath.parse(name));

/** The guides at the top of the workspace, which are those of the base branch; one text is told once. */
export async function readGuides(
  snapshot: Pick<SourceSnapshot, 'readGiven'>,
): Promise<readonly ProjectGuide[]> {
  const guides: ProjectGuide[] = [];
  for (const path of names) {
    const file = await snapshot.readGiven(path);
    if (file === undefined) continue;
    const text = Buffer.from(file.bytes).toString('utf8').trim();
    if (text !== '' && guides.every((guide) => guide.text !== text)) guides.push({ path, text });
  }
  return guides;
}
