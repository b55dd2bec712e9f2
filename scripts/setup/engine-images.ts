import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import type Docker from 'dockerode';
import { z } from 'zod';

/** One line of the engine's answer to a build, a pull or an import. */
const ProgressLine = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
});

/** Enough of a failing build's output to see the command that failed and why. */
const TAIL_LINES = 20;

/** The id of an image in the engine, or undefined when it is not there. */
export async function imageId(docker: Docker, reference: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(reference).inspect()).Id;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** The labels of an image; none when it is not in the engine. */
export async function imageLabels(
  docker: Docker,
  reference: string,
): Promise<Readonly<Record<string, string>>> {
  const id = await imageId(docker, reference);
  if (id === undefined) return {};
  const { Config } = await docker.getImage(id).inspect();
  // The type says that there always are labels; the engine says null when there is none.
  const labels: Record<string, string> | null | undefined = Config.Labels;
  return labels ?? {};
}

/** Whether an error is the engine's answer with this HTTP status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === status;
}

/**
 * Reads the engine's progress to its end. The engine answers 200 before it has done anything, so a
 * failure is a line of the stream.
 *
 * @throws Error with the engine's reason and the last lines before it, or when `timeoutMs` runs out.
 */
export async function drain(progress: NodeJS.ReadableStream, timeoutMs: number): Promise<void> {
  const input = addAbortSignal(AbortSignal.timeout(timeoutMs), progress as Readable);
  const tail: string[] = [];
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    const { stream, status, error } = ProgressLine.parse(JSON.parse(line));
    if (error !== undefined) throw new Error(`${error}\n${tail.join('\n')}`);
    const text = (stream ?? status ?? '').trim();
    if (text !== '') tail.push(text);
    if (tail.length > TAIL_LINES) tail.shift();
  }
}
