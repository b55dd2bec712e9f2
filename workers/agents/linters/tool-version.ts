import type { ToolVersion } from '../../../src/protocol/agent-report.ts';
import type { LintContext } from './linter.ts';

/** Asks a program for its version; null when it is missing, fails or says something unreadable. */
export async function toolVersion(context: LintContext, tool: string): Promise<ToolVersion | null> {
  const cwd = context.scratch;
  const answer = await context.exec({ tool, args: ['--version'], cwd });
  if (!answer.ok || answer.code !== 0) return null;
  const version = /\d+\.\d+[\w.+-]{0,40}/.exec(answer.stdout)?.[0];
  return version === undefined ? null : { name: tool, version };
}

/** The versions of all of these programs; null when one of them is missing. */
export async function toolVersions(
  context: LintContext,
  tools: readonly string[],
): Promise<readonly ToolVersion[] | null> {
  const versions: ToolVersion[] = [];
  for (const tool of tools) {
    const version = await toolVersion(context, tool);
    if (version === null) return null;
    versions.push(version);
  }
  return versions;
}
