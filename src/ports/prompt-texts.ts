import type { PromptPurpose } from '../domain/purpose.ts';

/** What an agent is told to do, for each purpose: the reviewed files of `policies/instructions`. */
export type PromptTexts = Readonly<Record<PromptPurpose, string>>;
