import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import { probeTask } from '../sandbox/probe-task.ts';
import { smallLimits } from '../sandbox/small-limits.ts';

const entry = join(import.meta.dirname, '../../../workers/mcp/main.ts');

/** What a tool said: its text, and whether that is a refusal. */
export type Said = { readonly text: string; readonly isError: boolean };

/** A sandbox's folders in a place of its own, and servers that work with them. */
export class McpScene {
  readonly root = mkdtempSync(join(tmpdir(), 'mcp-'));
  readonly #clients: Client[] = [];
  readonly input: TaskInput;

  constructor(part: Partial<TaskInput> = {}) {
    for (const folder of ['workspace', 'task', 'base', 'out']) mkdirSync(join(this.root, folder));
    const task = probeTask(taskIdFor('mcp', 'review'), '', { limits: smallLimits, agentMs: 1_000 });
    this.input = { ...task, ...part };
    this.write('task/diff.patch', '');
    this.write('task/task.json', JSON.stringify(this.input));
  }

  /** A file below the root: `workspace/…`, `base/…`, `out/…`, `task/…`. */
  write(path: string, text: string): void {
    const place = join(this.root, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  /** The JSON values of a file of one a line. */
  lines(path: string): unknown[] {
    const lines = this.read(path).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  /** Starts a server as an agent does, and connects to it. `options` are more of its arguments. */
  async connect(...options: readonly string[]): Promise<Client> {
    const client = new Client({ name: 'test', version: '1' });
    const args = [entry, `--root=${this.root}`, ...options];
    const env = { PATH: process.env['PATH'] ?? '' };
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
    this.#clients.push(client);
    return client;
  }

  /** Takes away whatever agents have said; servers go on. */
  forget(): void {
    rmSync(join(this.root, 'out'), { recursive: true });
    mkdirSync(join(this.root, 'out'));
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    rmSync(this.root, { recursive: true });
  }
}

/** Calls a tool. */
export async function call(client: Client, name: string, args: object = {}): Promise<Said> {
  const answer = await client.callTool({ name, arguments: { ...args } });
  const [content] = answer.content as { type: string; text?: string }[];
  return { text: content?.text ?? '', isError: answer.isError === true };
}

/** A changed file of a task. */
export function changedFile(
  path: string,
  part: Partial<TaskInput['changedFiles'][number]> = {},
): TaskInput['changedFiles'][number] {
  return {
    path: RepoPath.parse(path),
    previousPath: null,
    status: 'modified',
    kind: 'text',
    addedLines: [],
    ...part,
  };
}
