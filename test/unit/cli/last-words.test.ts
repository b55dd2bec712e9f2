import { expect, it } from 'vitest';
import { LastWords } from '../../../src/cli/last-words.ts';
import { hasHiddenCharacters } from '../../../src/domain/hidden-characters.ts';

const log = (text: string) => ({ type: 'log', stream: 'stderr', text }) as const;

it('keeps the last twenty lines that a sandbox logged, and nothing else', () => {
  const words = new LastWords();
  words.add({ type: 'progress', text: 'linting' });
  for (let line = 1; line <= 25; line += 1) words.add(log(`line ${line}`));
  expect(words.lines).toHaveLength(20);
  expect([words.lines.at(0), words.lines.at(-1)]).toEqual(['line 6', 'line 25']);
});

it('lets no text drive the terminal, start a line or pass for a command', () => {
  const words = new LastWords();
  words.add(log('\u001b[2J\u202ea\nb'));
  words.add(log('::error::x'));
  words.add(log('y'.repeat(10_000)));
  expect(words.lines.some((line) => hasHiddenCharacters(line) || line.includes('\n'))).toBe(false);
  expect(words.lines.filter((line) => line.startsWith('::'))).toEqual([]);
  expect(words.lines.every((line) => line.length <= 400)).toBe(true);
});
