import { z } from 'zod';
import { HostName } from '../../domain/host-name.ts';

/** A comment that stays at the top of a pull request and is edited in place, from looser to stricter. */
export const SummaryComment = z.enum(['sticky', 'none']);
/** What stands on lines of the diff, from looser to stricter. */
export const InlineFindings = z.enum(['findings', 'suggestions']);

/** What becomes of a finding that a second agent does not confirm, from looser to stricter. */
export const Unconfirmed = z.enum(['drop', 'downgrade', 'keep']);

/** What is written on a pull request besides its check. */
export const Review = z.strictObject({
  maxComments: z
    .int()
    .min(0)
    .max(100)
    .describe('Comments in one review; the rest stays in the check.')
    .optional(),
  maxFileComments: z
    .int()
    .min(0)
    .max(20)
    .describe(
      'Comments on whole files in one review, for changes that cannot be suggestions; 5 unless the operator says another number.',
    )
    .optional(),
  summaryComment: SummaryComment.describe(
    'One comment with the result that is edited in place, or none, since the check has it; `none` unless the operator says `sticky`.',
  ).optional(),
  linkHosts: z
    .array(HostName)
    .max(50)
    .describe(
      'Hosts to which links in messages work, over https; others stand as text. None unless the operator names them.',
    )
    .optional(),
  inline: InlineFindings.describe(
    'Comments on lines for every finding, or for suggested changes alone; `suggestions` unless the operator says `findings`.',
  ).optional(),
  refuted: Unconfirmed.describe(
    'What becomes of a finding that the second agent refutes; `drop` unless the operator says another.',
  ).optional(),
  unsure: Unconfirmed.describe(
    'What becomes of one that it can neither confirm nor refute; `downgrade`, to `info`, unless the operator says another.',
  ).optional(),
});

/** What an operator who does not say it means, and what policies meant that were kept before it could be said. */
export const reviewDefaults: {
  readonly maxFileComments: number;
  readonly summaryComment: z.infer<typeof SummaryComment>;
  readonly linkHosts: readonly string[];
  readonly inline: z.infer<typeof InlineFindings>;
  readonly refuted: z.infer<typeof Unconfirmed>;
  readonly unsure: z.infer<typeof Unconfirmed>;
} = {
  maxFileComments: 5,
  summaryComment: 'none',
  linkHosts: [],
  inline: 'suggestions',
  refuted: 'drop',
  unsure: 'downgrade',
};
