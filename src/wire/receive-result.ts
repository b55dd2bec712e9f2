import type { ServerHttp2Stream } from 'node:http2';
import type { Limits } from '../domain/limits.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import { SallyportError } from '../errors.ts';
import { ResultManifest } from '../protocol/result.ts';
import { BodyReader } from './body-reader.ts';
import { checkManifest, countManifest } from './check-manifest.ts';
import { jsonOf, parseJson } from './parse-line.ts';

/** Longest manifest line, in bytes. */
const maxManifestBytes = 8 * 1024 * 1024;

/** What a sandbox hands back: hostile, but of the right shape, size and number. */
export type SandboxResult = {
  readonly manifest: ResultManifest;
  /** The bytes of every `write`. */
  readonly files: ReadonlyMap<RepoPath, Uint8Array>;
  /** Manifest and files together. */
  readonly bytes: number;
};

/**
 * Reads the body of `POST /v1/result` to its end.
 * Refuses a body that is shorter or longer than its manifest says.
 * @throws SallyportError `result.malformed`, `result.limit`, `wire.failed`
 */
export async function receiveResult(
  stream: ServerHttp2Stream,
  limits: Limits,
): Promise<SandboxResult> {
  const body = new BodyReader(stream);
  const line = await body.line('manifest bytes', {
    limit: 'limit:result-size',
    maxBytes: Math.min(maxManifestBytes, limits.resultBytes),
  });
  if (line === undefined) throw new SallyportError('result.malformed', 'the result is empty');
  const json = jsonOf('the manifest', line);
  countManifest(json, limits);
  const manifest = parseJson(ResultManifest, 'the manifest', json);
  const files = new Map<RepoPath, Uint8Array>();
  for (const { path, bytes } of checkManifest(manifest, line.length + 1, limits))
    files.set(path, await body.exactly(bytes));
  if (!(await body.isAtEnd()))
    throw new SallyportError('result.malformed', 'the result is longer than it declares');
  const bytes = files.values().reduce((sum, file) => sum + file.length, line.length + 1);
  return { manifest, files, bytes };
}
