import { expect, test } from 'vitest';
import { annotationsOf } from '../../../src/report/annotations.ts';
import { notesOf } from '../../../src/report/finding-notes.ts';
import { renderLocal } from '../../../src/report/local.ts';
import { sampleFinding, sampleOutcome } from '../../support/report/samples.ts';

const place = (path: string, startLine: number, message: string) => ({
  path,
  range: { startLine, endLine: startLine + 1 },
  message,
});

test('says nothing of a finding of which no more is known', () => {
  expect(notesOf(sampleFinding({ helpUrl: undefined }))).toEqual([]);
});

test('says how sure the tool is, three other places, and where to read more', () => {
  const related = [
    place('a', 3, 'first'),
    { path: 'b', message: 'the whole file' },
    place('c', 1, 'x\n::error::\u202ey'),
    place('d', 4, 'fourth'),
  ];
  const helpUrl = 'https://docs.example/x';
  const notes = [
    'Confidence: low',
    'a:3: first',
    'b: the whole file',
    'c:1: x ::error::[U+202E]y',
    '… and 1 more related place',
    helpUrl,
  ];
  const finding = sampleFinding({ message: 'm', confidence: 'low', related, helpUrl });
  expect(notesOf(finding)).toEqual(notes);
  expect(annotationsOf([finding], new Map())[0]?.message).toBe(['m', ...notes].join('\n'));
  const more = sampleFinding({ related: [...related, ...related] });
  expect(notesOf(more)).toContain('… and 5 more related places');
});

test('in a terminal they are indented, so that none passes for a finding', () => {
  const related = [place('b', 2, 'y')];
  const outcome = sampleOutcome({ findings: [sampleFinding({ confidence: 'high', related })] });
  const report = { outcome, files: [], sources: new Map(), gate: null, isColoured: false };
  expect(renderLocal({ format: 'text', ...report })).toContain(
    ' ruff/F821: Undefined name `totl`\n    Confidence: high\n    b:2: y\n1 error',
  );
});

test('a path that is a workflow command is none', () => {
  const [note] = notesOf(sampleFinding({ related: [place('::error::x', 1, 'y')] }));
  expect(note).toBe(': :error::x:1: y');
});
