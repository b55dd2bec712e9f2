import { LineCounter, parseDocument } from 'yaml';
import type { ZodError } from 'zod';
import { type Digest, digestOf } from '../domain/ids.ts';
import { SallyportError } from '../errors.ts';
import { Policy } from './schema.ts';

/** A policy and the digest of the bytes that it was read from; approvals are bound to the digest. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly digest: Digest;
}

/**
 * Reads a policy from YAML. `name` is what errors call the file.
 * @throws SallyportError `policy.invalid`, naming file, line and column of every fault
 */
export function parsePolicy(text: string, name: string): LoadedPolicy {
  const lines = new LineCounter();
  // maxAliasCount 0: no aliases, so no "billion laughs" expansion.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const faults = document.errors.map(
    (error) => `${name}:${place(lines, error.pos[0])}: ${error.message}`,
  );
  if (faults.length > 0) throw new SallyportError('policy.invalid', faults.join('\n'));
  const parsed = Policy.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) throw invalid(parsed.error, { document, lines, name });
  return { policy: parsed.data, digest: digestOf(text) };
}

/** The text that is being read, for saying where a fault is. */
interface Source {
  readonly document: ReturnType<typeof parseDocument>;
  readonly lines: LineCounter;
  readonly name: string;
}

function invalid(error: ZodError, { document, lines, name }: Source): SallyportError {
  const faults = error.issues.map((issue) => {
    const path = issue.path.map(String);
    return `${name}:${place(lines, offsetOf(document, issue.path))}: ${path.join('.') || 'policy'}: ${issue.message}`;
  });
  return new SallyportError('policy.invalid', faults.join('\n'), { cause: error });
}

/** Offset of the nearest node on the way to `path`: a missing key is reported at its parent. */
function offsetOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (hasRange(node)) return node.range[0];
  }
  return 0;
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function place(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}
