import { z } from 'zod';
import { Finding } from './finding.ts';
import { Marks } from './finding-record.ts';
import { Opinion } from './opinion.ts';

/** Most words of an agent that looked a second time. */
const maxItems = 1_000;

/** What a second agent thought of one finding, and what came of it by the policy. */
export const JudgedFinding = z.strictObject({
  /** As the first agent said it. */
  finding: Finding,
  marks: Marks,
  /** `unheard`: it said nothing of this one. */
  verdict: z.enum([...Opinion.shape.verdict.options, 'unheard']),
  action: z.enum(['kept', 'downgraded', 'dropped']),
  reason: Opinion.shape.reason,
});
export type JudgedFinding = z.infer<typeof JudgedFinding>;

/** The word of a second agent on the findings of the first. */
export const SecondOpinion = z.strictObject({
  agent: z.string().max(64),
  /** Why there is none, and every finding stands; null where there is. */
  failure: z.string().max(500).nullable(),
  items: z.array(JudgedFinding).max(maxItems),
});
export type SecondOpinion = z.infer<typeof SecondOpinion>;
