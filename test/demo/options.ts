import { parseArgs } from 'node:util';

/** What the demo is asked for. */
export interface DemoOptions {
  readonly json: boolean;
  /** A repository of yours in place of the sample. */
  readonly own: { readonly directory: string; readonly base: string; readonly head: string } | null;
}

const usage = 'npm run demo -- [--json] [--repo DIR --base REF --head REF]';

/** Reads the demo's arguments. @throws Error with the usage */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      repo: { type: 'string' },
      base: { type: 'string' },
      head: { type: 'string' },
    },
  });
  const { json, repo: directory, base, head } = values;
  if (directory === undefined && base === undefined && head === undefined)
    return { json, own: null };
  if (directory === undefined || base === undefined || head === undefined) {
    throw new Error(`--repo, --base and --head go together: ${usage}`);
  }
  return { json, own: { directory, base, head } };
}
