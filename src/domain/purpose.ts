import { z } from 'zod';

/**
 * What a task is to achieve. It chooses what an agent is told and how its result is looked at; whether it may propose
 * a patch is its kind, and what it may write is up to the gates.
 */
export const Purpose = z.enum(['review', 'fix', 'tests', 'docs', 'triage']);
export type Purpose = z.infer<typeof Purpose>;

/** What an agent is asked for in words. Commands that verify a patch are asked nothing. */
export const PromptPurpose = z.enum([...Purpose.options, 'judge']);
export type PromptPurpose = z.infer<typeof PromptPurpose>;
