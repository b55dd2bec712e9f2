import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { targetNames, workerTarget } from '../../../scripts/setup/worker-targets.ts';

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** Versions of what the lockfile's folder asks for, one for all platforms. */
function versionsOf(folder: string): readonly string[] {
  const text = readFileSync(`workers/${folder}/package.json`, 'utf8');
  const { dependencies, optionalDependencies } = Manifest.parse(JSON.parse(text));
  const wanted = Object.values({ ...dependencies, ...optionalDependencies });
  const versions = wanted.map((one) => one.replace(/^npm:.*@/, '').replace(/-linux-.*$/, ''));
  return [...new Set(versions)];
}

it.each(targetNames)(
  'the documentation says what the image of %s has, and how large it may be',
  (name) => {
    const { modules, maxMb } = workerTarget(name);
    const row = readFileSync('docs/images.md', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toContain(`| ${maxMb.toLocaleString('en-US')} MB |`);
    const own = Object.entries(modules).filter(([module]) => module === name);
    for (const [, { folder }] of own)
      for (const version of versionsOf(folder)) expect(row).toContain(` ${version} |`);
  },
);
