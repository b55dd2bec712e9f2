import type { AgentReport } from '../../../src/protocol/agent-report.ts';
import type { ToolError } from './fixing.ts';
import { oneLine } from './make-finding.ts';

const maxErrors = 64;
const maxMessage = 1_000;

/**
 * Tool errors as the report takes them: each once, in order, at most 64. The run's own folders are
 * replaced, because their names differ from run to run and a report must not.
 */
export function fitToolErrors(
  errors: readonly ToolError[],
  folders: readonly string[],
): AgentReport['toolErrors'] {
  const fitted = new Map<string, ToolError>();
  for (const { tool, message } of errors) {
    const plain = folders.reduce((text, folder) => text.replaceAll(folder, '.'), message);
    const error = { tool: tool.slice(0, 64), message: oneLine(plain, maxMessage) };
    fitted.set(JSON.stringify(error), error);
  }
  const all = [...fitted.values()];
  if (all.length <= maxErrors) return all;
  const rest = { tool: 'linters', message: `and ${all.length - maxErrors + 1} more troubles` };
  return [...all.slice(0, maxErrors - 1), rest];
}
