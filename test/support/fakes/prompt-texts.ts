import { PromptPurpose } from '../../../src/domain/purpose.ts';
import type { PromptTexts } from '../../../src/ports/prompt-texts.ts';

/** What agents are told to do: a line that names the purpose. */
export const promptTexts = Object.fromEntries(
  PromptPurpose.options.map((purpose) => [purpose, `# Task: ${purpose}\n`]),
) as PromptTexts;
