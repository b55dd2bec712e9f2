import { dialects, type ModelAgent } from '../../support/agents/dialects.ts';
import type { ModelRequest, Script } from '../../support/models/scripted-model.ts';
import { call, say, type ToolCall, type Turn } from '../../support/models/turn.ts';
import { sampleHead } from '../sample-repository.ts';

/** A fault of the sample that the scripted model knows. */
interface Slip {
  readonly path: string;
  /** The line that it is on, which the pull request adds. */
  readonly line: string;
  /** What would be right. */
  readonly mended: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Is the right line offered with the finding? */
  readonly isOffered: boolean;
}

const slips: readonly Slip[] = [
  {
    path: 'tools/report.py',
    line: '    return totl',
    mended: '    return total',
    rule: 'undefined-name',
    severity: 'error',
    message:
      'Nothing is called `totl`: each call of `report` ends with a NameError. `total` is meant.',
    isOffered: true,
  },
  {
    path: 'scripts/clean.sh',
    line: 'cd $dir',
    mended: `cd "\${dir:?}"`,
    rule: 'empty-argument',
    severity: 'warning',
    message:
      'With an empty argument `cd` goes to the home folder, and the loop removes the `*.tmp` there. Refuse to run without a folder.',
    isOffered: false,
  },
];

/**
 * A model that knows the sample: it reads the diff and reports the slips that it finds there, and on a fix it reads
 * what was found and mends that. What it answers depends on the request alone, so any number of tasks may ask it.
 */
export function sampleScript(agent: ModelAgent): Script {
  return (request) => {
    const isFix = JSON.stringify(request.body).includes('# Task: make a fix');
    return isFix ? fixTurn(agent, request) : reviewTurn(agent, request);
  };
}

function reviewTurn(agent: ModelAgent, { toolResults }: ModelRequest): Turn {
  if (toolResults.length === 0) return call(tool(agent, 'get_diff', {}));
  const diff = toolResults.join('\n');
  const found = slips.filter(({ line }) => diff.includes(`+${line}`));
  if (found.length > 0)
    return call(...found.map((slip) => dialects[agent].report(findingOf(slip))));
  return say('I have reported what I found.');
}

function fixTurn(agent: ModelAgent, { toolResults }: ModelRequest): Turn {
  if (toolResults.length === 0) return call(tool(agent, 'list_findings', {}));
  const known = toolResults.join('\n');
  const asked = slips.filter(({ rule }) => known.includes(rule));
  if (asked.length > 0) return call(dialects[agent].shell(asked.map(mend).join(' && ')));
  return say('I have mended what was found.');
}

/** A tool of Sallyport's own, as this agent calls it: they all are named like the one that the dialect has. */
function tool(agent: ModelAgent, name: string, args: object): ToolCall {
  const reporting = dialects[agent].report(args);
  return { ...reporting, name: reporting.name.replace('report_finding', name) };
}

function findingOf({ path, line, mended, rule, severity, message, isOffered }: Slip): object {
  const place = lineOf(path, line);
  const said = { path, startLine: place, endLine: place, rule, severity, message };
  return isOffered ? { ...said, replacement: mended } : said;
}

/** From 1. The fix replaces lines by lines, so they keep their places. */
function lineOf(path: string, line: string): number {
  const text = 'files' in sampleHead ? sampleHead.files[path] : undefined;
  if (typeof text !== 'string') throw new Error(`the sample has no ${path}`);
  return text.split('\n').indexOf(line) + 1;
}

/** A shell command that puts the right line in its place. */
function mend({ path, line, mended }: Slip): string {
  return `sed -i '${lineOf(path, line)}s/.*/${mended}/' ${path}`;
}
