import { z } from 'zod';

/** What readers of SARIF 2.1.0 require of a log, as far as ours has it. */
export const SarifLog = z.object({
  version: z.literal('2.1.0'),
  $schema: z.string().startsWith('https://'),
  runs: z
    .array(
      z.object({
        tool: z.object({ driver: z.object({ name: z.literal('sallyport') }) }),
        results: z.array(
          z.object({
            ruleId: z.string().min(1),
            level: z.enum(['note', 'warning', 'error']),
            message: z.object({ text: z.string().min(1) }),
            locations: z.array(
              z.object({
                physicalLocation: z.object({
                  artifactLocation: z.object({ uri: z.string().min(1) }),
                  region: z.object({ startLine: z.int().min(1) }).optional(),
                }),
              }),
            ),
          }),
        ),
        properties: z.object({ gate: z.object({ status: z.string() }) }).optional(),
      }),
    )
    .length(1),
});
