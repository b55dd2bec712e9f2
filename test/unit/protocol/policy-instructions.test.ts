import { expect, it } from 'vitest';
import { maxPolicyInstructionBytes, PolicyInstructions } from '../../../src/protocol/task-input.ts';

it.each([
  ['x'.repeat(maxPolicyInstructionBytes), true],
  ['x'.repeat(maxPolicyInstructionBytes + 1), false],
  // Bytes count, not letters.
  ['ü'.repeat(maxPolicyInstructionBytes / 2 + 1), false],
])('what a policy tells an agent has at most 16 KiB', (text, fits) => {
  expect(PolicyInstructions.safeParse({ path: 'docs/a.md', text }).success).toBe(fits);
});
