import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** A file, folder or pattern of this repository in a code span. */
const named = /`((?:src|test|workers|scripts|policies|bench|docs)\/[\w./*{},-]+)`/g;
/** A relative link, without its fragment. */
const linked = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g;

/** What a page names and the repository does not have. */
function lostIn(page: string): { readonly lost: readonly string[]; readonly count: number } {
  const text = readFileSync(join(root, page), 'utf8');
  // A word in capitals stands for any name.
  const names = [...text.matchAll(named)].map(([, path = '']) =>
    path.replace(/\b(?:NAME|AGENT)\b/g, '*'),
  );
  const links = [...text.matchAll(linked)].map(([, path = '']) => path);
  const lost = [
    ...names.filter((path) => globSync(path, { cwd: root }).length === 0),
    ...links.filter((path) => !existsSync(join(root, dirname(page), path))),
  ];
  return { lost, count: names.length + links.length };
}

describe('the documentation', () => {
  it.each(pages)('names in %s only what is there', (page) => {
    expect(lostIn(page).lost).toEqual([]);
  });

  it('names many files', () => {
    const counts = pages.map((page) => lostIn(page).count);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200);
  });
});
