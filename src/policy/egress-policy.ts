import { z } from 'zod';
import { EgressRule } from './egress-rule.ts';
import { ModelRoute } from './model-route.ts';

/** A network as an address and the length of its prefix. */
export const Cidr = z.union([z.cidrv4(), z.cidrv6()]);

/** Ceilings of one task's egress. The first three end the task; the others end the one request. */
export const EgressLimits = z.strictObject({
  /** Both ways, headers included. */
  networkBytes: z.int().min(1).describe('Bytes both ways; reaching it ends the task.'),
  /** Denied ones included. */
  requests: z.int().min(1).describe('Requests, refused ones included; reaching it ends the task.'),
  /** Connections opened to the outside, in all. */
  connections: z.int().min(1).describe('Connections opened; reaching it ends the task.'),
  /** Requests under way at one time. The wire itself has at most 32 streams. */
  concurrent: z.int().min(1).max(32).describe('Requests under way at one time.'),
  /** Headers of one request, or of one answer; the wire takes at most 16 KiB. */
  headerBytes: z
    .int()
    .min(256)
    .max(12_288)
    .describe('Bytes of the headers of a request or an answer.'),
  /** Body of one request, and of one answer. Tunnels have none. */
  bodyBytes: z.int().min(1).describe('Bytes of the body of a request or an answer.'),
});
export type EgressLimits = z.infer<typeof EgressLimits>;

/** All that a task may reach. Empty lists deny everything. */
export const EgressPolicy = z
  .strictObject({
    rules: z.array(EgressRule).default([]),
    modelRoutes: z.array(ModelRoute).default([]),
    /** CIDRs that are not public but the operator's: self-hosted models and mirrors. */
    allowAddresses: z.array(Cidr).default([]),
    /** CIDRs that are public but not for tasks, such as the control plane's own. */
    refuseAddresses: z.array(Cidr).default([]),
    limits: EgressLimits,
  })
  .refine(({ rules, modelRoutes }) => areUnique([...rules, ...modelRoutes].map(({ id }) => id)), {
    message: 'two rules or routes have one id',
    path: ['rules'],
  })
  .refine(({ modelRoutes }) => areUnique(modelRoutes.map(({ authority }) => authority)), {
    message: 'two routes have one authority',
    path: ['modelRoutes'],
  });
export type EgressPolicy = z.infer<typeof EgressPolicy>;

/** Is no word there twice? */
export function areUnique(words: readonly string[]): boolean {
  return new Set(words).size === words.length;
}
