import type { Attempt } from './attempt.ts';
import { credentialAttempts } from './credentials.ts';
import { givenFileAttempts } from './given-files.ts';
import { hostFileAttempts } from './host-files.ts';
import { insideAttempts } from './inside.ts';
import { kernelAttempts } from './kernel.ts';
import { leftoverAttempts } from './leftovers.ts';
import { neighbourAttempts } from './neighbours.ts';
import { networkAttempts } from './network.ts';
import { outputAttempts } from './output.ts';
import { placeAttempts } from './places.ts';
import { privilegeAttempts } from './privileges.ts';
import { resourceAttempts } from './resources.ts';

/** Everything that the agent `containment` can try. */
export const attempts: readonly Attempt[] = [
  ...insideAttempts,
  ...resourceAttempts,
  ...placeAttempts,
  ...outputAttempts,
  ...privilegeAttempts,
  ...kernelAttempts,
  ...hostFileAttempts,
  ...givenFileAttempts,
  ...leftoverAttempts,
  ...networkAttempts,
  ...credentialAttempts,
  ...neighbourAttempts,
];
