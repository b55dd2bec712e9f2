import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { Finding } from '../../src/domain/finding.ts';
import { testEngine } from './engine.ts';

const mainFile = join(import.meta.dirname, '../../src/main.ts');

/** How one `sallyport review` ended. */
export interface ReviewRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The JSON of `sallyport review`, as far as tests look at it. */
export const ReviewJson = z.looseObject({
  version: z.literal(1),
  findings: z.array(
    z
      .looseObject({ range: z.unknown(), helpUrl: z.unknown() })
      .transform(({ range, helpUrl, ...rest }) =>
        Finding.parse({
          ...rest,
          ...(range !== null && { range }),
          ...(helpUrl !== null && { helpUrl }),
        }),
      ),
  ),
  changes: z.array(z.looseObject({ path: z.string() })),
  omitted: z.array(z.object({ path: z.string(), reason: z.string() })),
  toolErrors: z.array(z.object({ tool: z.string(), message: z.string() })),
  runtime: z.string(),
  gate: z.object({ status: z.string(), reasons: z.array(z.string()) }).optional(),
  patch: z.string().optional(),
});

/** The real command, run again and again with one data folder of its own. */
export class LocalReview implements AsyncDisposable {
  readonly #dataDir: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Runs `sallyport review` in a process of its own, with this environment and little else. */
  async run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ReviewRun> {
    return this.start(args, env).ended;
  }

  /** Starts it, for a test that does something meanwhile. */
  start(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): { readonly child: ChildProcess; readonly ended: Promise<ReviewRun> } {
    const child = spawn(process.execPath, [mainFile, 'review', ...args], {
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, ended: endOf(child) };
  }

  /** What the command needs to know: engine, image and where to keep its mirrors. */
  get env(): Record<string, string> {
    const { socketPath, workerImage } = testEngine();
    return {
      PATH: process.env['PATH'] ?? '',
      DOCKER_HOST: `unix://${socketPath}`,
      SALLYPORT_WORKER_IMAGE: workerImage,
      SALLYPORT_DATA: this.#dataDir,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** Resolves when a process that writes to pipes has ended. */
export async function endOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<ReviewRun> {
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject);
  child.once('exit', ended.resolve);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await ended.promise, stdout, stderr };
}

/** A command with an empty data folder. */
export async function localReview(): Promise<LocalReview> {
  return new LocalReview(await mkdtemp(join(tmpdir(), 'sallyport-local-')));
}

/** Digest over every name, type, mode, time of change and content below a folder, `.git` included. */
export async function folderDigest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(folder, { recursive: true, encoding: 'buffer' });
  for (const name of names.toSorted((a, b) => a.compare(b))) {
    const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
    const { mode, mtimeNs, size } = await lstat(path, { bigint: true });
    hash.update(name).update(`\0${mode} ${mtimeNs} ${size}\0`);
    if ((mode & 0o170000n) === 0o100000n) hash.update(await readFile(path));
    if ((mode & 0o170000n) === 0o120000n) hash.update(await readlink(path));
  }
  return hash.digest('hex');
}
