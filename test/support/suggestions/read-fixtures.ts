import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PlayedChange } from './played-change.ts';

const folder = new URL('../../fixtures/diffs/', import.meta.url);

/** One file of `test/fixtures/diffs`. Lines have their endings, and are escapes where git could change them. */
const Fixture = z.strictObject({
  about: z.string().min(1),
  path: z.string(),
  /** When the pull request renames the file. */
  basePath: z.string().optional(),
  /** null when the pull request adds the file. */
  base: z.array(z.string()).nullable(),
  head: z.array(z.string()),
  fixed: z.array(z.string()),
  /** How many suggestions there are, and how many edits are left over by reason. */
  suggestions: z.int().nonnegative(),
  left: z.record(z.string(), z.int().positive()),
});

/** A change as people make them, and what has to come of it. */
export interface FixtureChange extends PlayedChange {
  readonly name: string;
  readonly about: string;
  readonly suggestions: number;
  readonly left: Readonly<Record<string, number>>;
}

/**
 * All of them, by name.
 * @throws ZodError for a file of another shape
 */
export function readFixtures(): FixtureChange[] {
  const names = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return names.sort().map((file) => {
    const fixture = Fixture.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    return {
      ...fixture,
      name: file.slice(0, -'.json'.length),
      basePath: fixture.basePath ?? fixture.path,
      base: fixture.base?.join('') ?? null,
      head: fixture.head.join(''),
      fixed: fixture.fixed.join(''),
    };
  });
}
