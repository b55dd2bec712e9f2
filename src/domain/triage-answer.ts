import { z } from 'zod';
import { shortList } from './short-list.ts';

/** Most labels that a policy names for triage. */
export const maxPolicyLabels = 100;

/** Most labels that one task may put on an issue. */
export const maxTriageLabels = 10;

/** What an agent would do with an issue. Hostile: the policy says which labels there are. */
export const TriageAnswer = z.strictObject({
  labels: shortList(z.string().min(1).max(100), maxTriageLabels),
  /** A first answer in Markdown; null: none. */
  answer: z.string().min(1).max(4_000).nullable(),
});
export type TriageAnswer = z.infer<typeof TriageAnswer>;
