import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { SallyportError } from '../errors.ts';

const Values = z.object({
  base: z.string('--base REF is needed').min(1),
  head: z.string('--head REF is needed').min(1),
  fix: z.boolean(),
  format: z
    .enum(['text', 'json', 'sarif', 'rdjsonl'], '--format is text, json, sarif or rdjsonl')
    .optional(),
  runtime: z.enum(['runc', 'runsc'], '--runtime is runc or runsc').optional(),
});

/** What `sallyport review` is asked for; `path` is absolute. Without a format the output's place decides. */
export type ReviewOptions = z.infer<typeof Values> & { readonly path: string };

/**
 * Reads the arguments; a relative PATH is meant from `workingDir`.
 * @throws SallyportError `usage.invalid`, saying what is missing or mistyped
 */
export function readReviewOptions(args: readonly string[], workingDir: string): ReviewOptions {
  const { values, positionals } = parse(args);
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) {
    throw new SallyportError('usage.invalid', 'sallyport review takes one PATH');
  }
  const parsed = Values.safeParse(values);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => issue.message);
    throw new SallyportError('usage.invalid', faults.join('; '));
  }
  return { ...parsed.data, path: resolve(workingDir, path) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        base: { type: 'string' },
        head: { type: 'string' },
        fix: { type: 'boolean', default: false },
        format: { type: 'string' },
        runtime: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new SallyportError(
      'usage.invalid',
      cause instanceof Error ? cause.message : 'bad usage',
      {
        cause,
      },
    );
  }
}
