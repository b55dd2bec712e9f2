import { z } from 'zod';
import { Permission } from '../../domain/repository.ts';

const names = 'at most 100 of them';

/** A team as `organisation/slug`. */
const TeamName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9_.-]{1,100}$/,
    'must be a team as organisation/slug',
  );

/**
 * A person or App by login, or by login and numeric id: `octocat#583231`. A login alone can be renamed
 * and registered again by somebody else; with the id it is that account and no other.
 */
const UserName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?(?:#[1-9][0-9]{0,15})?$/,
    'must be a login, or a login and an id as octocat#583231',
  );

/**
 * Who may do something. Any one of what is said is enough; across layers a person has to satisfy the
 * `who` of every layer.
 */
export const Who = z
  .strictObject({
    permission: Permission.exclude(['none'])
      .describe('Least permission on the repository. No layer below may name a lower one.')
      .optional(),
    teams: z.array(TeamName).max(100, names).describe('Members of these teams.').optional(),
    users: z
      .array(UserName)
      .max(100, names)
      .describe('These accounts, by login or by login and id.')
      .optional(),
    codeOwners: z
      .literal(true)
      .describe(
        'Code owners: to run, of some file of the pull request; to approve, of every file of the patch.',
      )
      .optional(),
    author: z.literal(true).describe('The author of the pull request.').optional(),
  })
  .refine((who) => Object.keys(who).length > 0, 'names nobody; say permission, teams or users')
  .meta({ minProperties: 1 });
export type Who = z.infer<typeof Who>;
