import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const source = join(import.meta.dirname, '../../../workers/mcp/journal.ts');

/** Fills a journal whose file may have one block, and says how it was refused in the end. */
const fill = `
  const { Journal } = await import(process.argv[1]);
  const journal = new Journal(process.argv[2]);
  try {
    for (let line = 0; line < 100; line += 1) journal.add({ line, text: 'x'.repeat(90) });
  } catch (error) {
    console.log(error.code);
  }`;

it('a journal that has no room for a line has all before it, and no part of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const place = join(folder, 'reported.jsonl');
  const shell = 'trap "" XFSZ; ulimit -f 1; exec "$@"';
  const node = [process.execPath, '--input-type=module', '-e', fill, source, place];
  expect(execFileSync('/bin/sh', ['-c', shell, 'sh', ...node], { encoding: 'utf8' })).toBe(
    'EFBIG\n',
  );
  const lines = readFileSync(place, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual(
    lines.map((_, index) => index),
  );
});
