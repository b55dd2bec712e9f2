import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { gitEnvironment } from '../support/github/git.ts';
import { type AgentChoice, chooseAgent } from './agent/choice.ts';

const run = promisify(execFile);

/** Two commits of a repository of yours, by full SHA. */
export interface OwnRepository {
  /** The git folder; only read. */
  readonly directory: string;
  readonly base: string;
  readonly head: string;
  /** How the refs were given, for the title. */
  readonly title: string;
}

/** What the demo is asked for. */
export interface DemoOptions {
  readonly json: boolean;
  /** In place of the sample. */
  readonly own: OwnRepository | null;
  /** In place of the linters. */
  readonly agent: AgentChoice | null;
}

const usage =
  'usage: npm run demo -- [--json] [--agent NAME [--model scripted|live]] [--repo DIR --base REF --head REF]';

/**
 * Reads the demo's arguments. A relative DIR is below the folder that npm was called in.
 * @throws Error that says what is wrong, for the person who typed it
 */
export async function readOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<DemoOptions> {
  const { json, repo, base, head, ...wanted } = parse(args);
  const agent = chooseAgent(wanted, env);
  if (repo === undefined && base === undefined && head === undefined)
    return { json, own: null, agent };
  if (agent?.liveKey === null)
    throw new Error('the scripted model knows the sample alone; --repo needs --model live');
  if (repo === undefined || base === undefined || head === undefined) {
    throw new Error(`--repo, --base and --head go together; ${usage}`);
  }
  // npm runs scripts in the project's folder and leaves the person's own one in INIT_CWD.
  const folder = resolve(env['INIT_CWD'] ?? '.', repo);
  const directory = await gitFolder(folder);
  const shas = { base: await commitOf(directory, base), head: await commitOf(directory, head) };
  if (shas.base === shas.head) throw new Error(`${base} and ${head} are the same commit`);
  return { json, own: { directory, ...shas, title: `${base} → ${head}` }, agent };
}

function parse(args: readonly string[]) {
  const options = {
    json: { type: 'boolean', default: false },
    agent: { type: 'string' },
    model: { type: 'string' },
    repo: { type: 'string' },
    base: { type: 'string' },
    head: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    // Node adds paragraphs of advice for who wrote the program; the first line is for who types.
    const [reason = ''] = (cause instanceof Error ? cause.message : '').split('\n');
    throw new Error(`${reason} ${usage}`, { cause });
  }
}

/** The folder that holds the objects, also for a linked worktree or a folder within the repository. */
async function gitFolder(folder: string): Promise<string> {
  const args = ['rev-parse', '--path-format=absolute', '--git-common-dir'];
  return (await ask(folder, args, `${folder} is not a git repository`)).trim();
}

async function commitOf(directory: string, ref: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`];
  return (await ask(directory, args, `${ref} is not a commit of ${directory}`)).trim();
}

async function ask(folder: string, args: readonly string[], refusal: string): Promise<string> {
  try {
    return (await run('git', ['-C', folder, ...args], { env: gitEnvironment() })).stdout;
  } catch (cause) {
    throw new Error(refusal, { cause });
  }
}
