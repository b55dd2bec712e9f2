import { z } from 'zod';
import { CheckCommand, maxCheckCommands } from '../../domain/check-command.ts';
import { commandNames } from '../../domain/command-names.ts';
import { Purpose } from '../../domain/purpose.ts';
import { areUnique, Cidr } from '../egress-policy.ts';
import { EgressRule } from '../egress-rule.ts';
import { ModelRoute } from '../model-route.ts';
import { AgentName } from './agent-name.ts';
import { ModelSection, SecondOpinionSection } from './agent-work.ts';
import { ceilings } from './ceilings.ts';
import { ParametersSection } from './parameters.ts';
import { Triggers } from './triggers.ts';

/** Words of `/sallyport` that are commands of ours and can be no task; `review` and `fix` are both. */
const reservedNames = commandNames.filter((name) => name !== 'review' && name !== 'fix');

/** What a task is called, and what a comment says to start it. */
export const TaskName = z
  .string()
  .regex(
    new RegExp(`^(?!(?:${reservedNames.join('|')})$)[a-z][a-z0-9-]{0,31}$`),
    `a task is named in lower-case letters, digits and dashes, at most 32, and not ${reservedNames.join(', ')}`,
  );

/** A worker image by what is in it. Tags are refused: they can be moved. */
export const ImageDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits; a tag can be moved');

const Instructions = z
  .string()
  .max(1024)
  .regex(
    /^(?!\/)(?!(?:.*\/)?\.\.?(?:\/|$))[^\\\0]+$/,
    'must be the path of a file in the repository',
  );

/** One kind of work. What it does not say is as the top of the policy says. */
export const TaskSection = z.strictObject({
  within: TaskName.describe(
    'Of a task that a layer adds: the task of the layers above that it stays within. It is as that one is, but for when it starts and what it is told, and shares its budgets.',
  ).optional(),
  enabled: z.boolean().describe('A layer may switch a task off, never on again.').optional(),
  purpose: Purpose.describe(
    'What it is to achieve: what the agent is told, and how its result is looked at. Left out: the task’s name where it is one of these, else `fix` for what may write a patch and `review` for what may not.',
  ).optional(),
  agent: AgentName.describe('Agent that does it; one of `agents`.').optional(),
  model: ModelSection.describe('The model that the agent uses.').optional(),
  commands: z
    .array(CheckCommand)
    .max(maxCheckCommands)
    .describe('Programs with their arguments that the agent `command` runs, one after the other.')
    .optional(),
  secondOpinion: SecondOpinionSection.describe('A second look at each finding.').optional(),
  image: ImageDigest.nullable()
    .describe('Worker image, one of `images`; null is the runner’s own.')
    .optional(),
  instructions: Instructions.nullable()
    .describe(
      'File of the base branch that tells the agent what to do: UTF-8, at most 16 KiB; null is none.',
    )
    .optional(),
  parameters: ParametersSection.describe('What it may be started with.').optional(),
  triggers: Triggers.describe('When it starts.').optional(),
  ...ceilings,
});

/** The top of a policy document without its tasks. */
const top = {
  version: z.literal(1).describe('Version of the language.'),
  check: z
    .strictObject({
      name: z
        .string()
        .min(1)
        .max(100)
        .describe('Name of the check run, for branch protection.')
        .optional(),
    })
    .describe('The check run.')
    .optional(),
  agents: z.array(AgentName).max(50).describe('Agents that tasks may name.').optional(),
  images: z.array(ImageDigest).max(200).describe('Worker images that tasks may name.').optional(),
  concurrency: z
    .strictObject({
      perRepository: z.int().min(1).describe('Tasks of one repository at one time.').optional(),
      perOrganisation: z.int().min(1).describe('Tasks of the organisation at one time.').optional(),
    })
    .describe('How much runs at one time.')
    .optional(),
  commands: z
    .strictObject({
      short: z.boolean().describe('Does `/review` do as well as `/sallyport review`?').optional(),
    })
    .describe('Commands in comments.')
    .optional(),
  loop: z
    .strictObject({
      rounds: z
        .int()
        .min(1)
        .max(20)
        .describe('Rounds of fix and review on one pull request.')
        .optional(),
      chainDepth: z
        .int()
        .min(0)
        .max(10)
        .describe('Tasks that follow from a task’s own output.')
        .optional(),
    })
    .describe('What keeps work from feeding itself.')
    .optional(),
};

const egress = ceilings.egress
  .unwrap()
  .extend({
    rules: z
      .array(EgressRule)
      .max(500)
      .describe('Requests that may be made; first match wins.')
      .optional(),
    modelRoutes: z.array(ModelRoute).max(50).describe('Models whose keys stay outside.').optional(),
    allowAddresses: z.array(Cidr).describe('Networks that are not public but yours.').optional(),
    refuseAddresses: z
      .array(Cidr)
      .describe('Networks that are public but not for tasks.')
      .optional(),
  })
  .refine(
    ({ rules = [], modelRoutes = [] }) => areUnique([...rules, ...modelRoutes].map(({ id }) => id)),
    'two rules or routes have one id',
  )
  .refine(
    ({ modelRoutes = [] }) => areUnique(modelRoutes.map(({ authority }) => authority)),
    'two routes have one authority',
  )
  .describe('What a task may reach.')
  .optional();

/** Most kinds of tasks in one document. */
const maxTasks = 32;

/**
 * One layer of the policy: the operator's, an organisation's or a repository's. All but `version` may be
 * left out; what is left out is as the layer above says.
 */
export const Layer = z.strictObject({
  ...top,
  ...ceilings,
  egress,
  tasks: z
    .record(TaskName, TaskSection)
    .refine((tasks) => Object.keys(tasks).length <= maxTasks, `at most ${maxTasks} tasks`)
    .meta({ maxProperties: maxTasks })
    .describe('Kinds of work, by name.')
    .optional(),
});
export type Layer = z.infer<typeof Layer>;
