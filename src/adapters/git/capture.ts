import { SallyportError } from '../../errors.ts';
import { gitFailure } from './failure.ts';
import type { GitCall, GitEnd } from './git-process.ts';
import { startGit } from './git-process.ts';

/** A finished git process with all that it wrote to standard output. */
export interface Captured extends GitEnd {
  readonly stdout: Buffer;
}

/** Ceiling of one captured output, and what is too large when it is reached. */
export interface OutputLimit {
  readonly maxBytes: number;
  readonly what: string;
}

/** Enough for an id, a date or a message. */
const smallOutput: OutputLimit = { maxBytes: 65_536, what: 'a short answer of git' };

/**
 * Runs git to its end, whatever its exit code.
 * @throws SallyportError `input.too-large` as soon as the output passes the limit
 */
export async function captureGit(
  call: GitCall,
  limit: OutputLimit = smallOutput,
): Promise<Captured> {
  const git = startGit(call);
  git.stdin.end(call.input);
  const chunks: Buffer[] = [];
  let bytes = 0;
  git.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit.maxBytes) git.kill();
    else chunks.push(chunk);
  });
  const end = await git.ended;
  if (bytes > limit.maxBytes) {
    const ceiling = `${limit.what} is larger than ${String(limit.maxBytes)} bytes`;
    throw new SallyportError('input.too-large', ceiling);
  }
  return { ...end, stdout: Buffer.concat(chunks) };
}

/**
 * Like `captureGit`, and any exit code but 0 is an error.
 * @throws SallyportError `git.failed`, `git.missing-commit`, `input.too-large`
 */
export async function requireGit(call: GitCall, limit: OutputLimit = smallOutput): Promise<Buffer> {
  const captured = await captureGit(call, limit);
  if (captured.exitCode !== 0) throw gitFailure(commandOf(call.args), captured);
  return captured.stdout;
}

/** The subcommand: the first argument that is no option, for error messages. */
function commandOf(args: readonly string[]): string {
  return args.find((argument) => !argument.startsWith('-')) ?? 'git';
}
