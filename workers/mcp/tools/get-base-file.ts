import { z } from 'zod';
import type { RepoPath } from '../../../src/domain/repo-path.ts';
import { type AgentTool, agentTool, Refusal } from '../agent-tool.ts';
import type { Desk } from '../desk.ts';
import { pageOf } from '../page.ts';
import { quoted, readTreeFile, repoPathOf } from '../tree-file.ts';

const Arguments = z.strictObject({
  path: z.string().min(1).max(4_096).describe('The file, relative to the root of the repository.'),
  offset: z.int().min(0).optional().describe('Where to go on in a file that is long.'),
});

/** Shows a file as it was before the pull request. */
export function getBaseFile(desk: Desk): AgentTool {
  return agentTool({
    name: 'get_base_file',
    description: 'A file as it was before the pull request, at the merge base.',
    schema: Arguments,
    isReading: true,
    answer: ({ path: said, offset }) => {
      if (desk.input.hasBase !== true)
        throw new Refusal('This task has no tree of the base. get_diff shows what changed.');
      const path = repoPathOf(said, desk.places.workspace);
      const bytes = readTreeFile(desk.places.base, path);
      if (bytes === undefined) throw new Refusal(whyNot(desk, path));
      if (bytes.includes(0)) throw new Refusal(`path: ${quoted(path)} is no text.`);
      return pageOf(bytes.toString('utf8'), offset);
    },
  });
}

function whyNot({ input }: Desk, path: RepoPath): string {
  const file = input.changedFiles.find((one) => one.path === path);
  const name = quoted(path);
  if (file?.previousPath) return `path: before, ${name} was called ${quoted(file.previousPath)}.`;
  if (file?.status === 'added') return `path: the pull request adds ${name}: there is none before.`;
  return `path: there is no file ${name} in the base.`;
}
