import { z } from 'zod';
import { maxParameters, ParameterName } from '../../domain/parameters.ts';

/** Plain enough to be shown in an answer as it is. */
const AllowedValue = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/:+-]{0,99}$/,
    'must be at most 100 letters, digits and . _ / : + -, and start with a letter or digit',
  );

/** What `/sallyport run TASK key=value` may say of a task. The agent is given it as data. */
export const ParametersSection = z.strictObject({
  names: z
    .array(ParameterName)
    .max(maxParameters)
    .describe('Values that `/sallyport run TASK key=value…` may give the task. Empty: none.')
    .optional(),
  values: z
    .record(
      ParameterName,
      z
        .array(AllowedValue)
        .min(1)
        .max(100)
        .describe(
          'What the value of this name may be; left out: any text of at most 500 characters.',
        ),
    )
    .refine(
      (values) => Object.keys(values).length <= maxParameters,
      `at most ${maxParameters} names`,
    )
    .meta({ maxProperties: maxParameters })
    .describe('What values may be, by name.')
    .optional(),
});
