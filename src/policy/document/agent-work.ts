import { z } from 'zod';
import { CheckCommand, maxCheckCommands } from '../../domain/check-command.ts';
import { areUnique } from '../egress-policy.ts';
import { RuleId } from '../egress-rule.ts';
import { ModelName } from '../model-route.ts';
import { AgentName } from './agent-name.ts';

/** The model that an agent uses, out of the operator's routes. */
export const ModelSection = z.strictObject({
  route: RuleId.nullable()
    .describe(
      'Model route, one of `egress.use` that the agent can speak to; null is the first of them.',
    )
    .optional(),
  name: ModelName.nullable()
    .describe(
      'Model, one of those of the route, or where none is named of the first route that has it; null is the first of them.',
    )
    .optional(),
});

/** Commands that are run over a patched tree in a sandbox of their own. */
export const VerifySection = z.strictObject({
  commands: z
    .array(CheckCommand)
    .max(maxCheckCommands)
    .refine((commands) => areUnique(commands.map(({ name }) => name)), 'two commands have one name')
    .describe(
      'Programs with their arguments, run one after the other over the patched tree; all have to end with 0. Those of all layers count together.',
    )
    .optional(),
  required: z
    .boolean()
    .describe('Is a patch refused at gate 2 unless all commands ended with 0?')
    .optional(),
});

/** A second agent that looks at each finding of the first. */
export const SecondOpinionSection = z.strictObject({
  agent: AgentName.nullable()
    .describe('Agent that checks each finding of the first against the code; one of `agents`.')
    .optional(),
  model: ModelSection.describe('Its model.').optional(),
});
