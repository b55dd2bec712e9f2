import { readFileSync } from 'node:fs';
import type { PromptPurpose } from '../../../src/domain/purpose.ts';
import type { PromptParts } from '../../../src/prompt/prompt-parts.ts';
import { PriorFinding } from '../../../src/protocol/task-input.ts';

const folder = new URL('../../../policies/instructions/', import.meta.url);

/** The reviewed text of a purpose, as it ships. */
export function shippedText(purpose: PromptPurpose): string {
  return readFileSync(new URL(`${purpose}.md`, folder), 'utf8');
}

/** Parts of a prompt that has nothing but its instructions, and what a test says. */
export function partsOf(said: Partial<PromptParts>): PromptParts {
  return {
    instructions: '# Task\n',
    policyInstructions: null,
    request: null,
    parameters: {},
    subject: null,
    evidence: [],
    priorFindings: [],
    guides: [],
    changedFiles: [],
    replaced: [],
    imported: [],
    ...said,
  };
}

/** A finding of an earlier run. */
export function prior(said: Partial<PriorFinding> = {}): PriorFinding {
  const finding = {
    tool: 'claude-code',
    rule: 'off-by-one',
    severity: 'warning',
    path: 'src/a.ts',
  };
  const place = { range: { startLine: 3, endLine: 4 }, message: 'The last item is left out.' };
  return PriorFinding.parse({ ...finding, ...place, id: 'abcdef012345', state: 'open', ...said });
}
