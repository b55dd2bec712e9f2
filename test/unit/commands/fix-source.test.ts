import { expect, it } from 'vitest';
import { readFixSource } from '../../../src/commands/fix-source.ts';

const [one, two] = ['0123456789ab', 'ba9876543210'];
const none = { findings: [], check: null, maybeCheck: null };

it.each([
  [null, { ...none, instructions: null }],
  ['only the typos', { ...none, instructions: 'only the typos' }],
  [one, { ...none, findings: [one], instructions: null }],
  [
    `${one}  ${two}\tthe short way`,
    { ...none, findings: [one, two], instructions: 'the short way' },
  ],
  [`${one} ${one}`, { ...none, findings: [one], instructions: null }],
  [`${one}, please`, { ...none, instructions: `${one}, please` }],
  [`first ${one}`, { ...none, instructions: `first ${one}` }],
  ['check "Build and test (20)"', { ...none, check: 'Build and test (20)', instructions: null }],
  ['check "lint"  not the docs', { ...none, check: 'lint', instructions: 'not the docs' }],
  [
    'check lint quickly',
    { ...none, maybeCheck: 'lint quickly', instructions: 'check lint quickly' },
  ],
  ['check', { ...none, instructions: 'check' }],
  ['checks fail', { ...none, instructions: 'checks fail' }],
  ['check "lint"er', { ...none, maybeCheck: '"lint"er', instructions: 'check "lint"er' }],
])('reads %j', (text, source) => {
  expect(readFixSource(text)).toEqual(source);
});
