import type { Outcome } from '../domain/outcome.ts';
import type { Ground } from './later-stage.ts';
import { proveTests } from './prove-tests.ts';
import { isFailure } from './run-commands.ts';
import type { StageFailure } from './run-stage.ts';
import type { CheckedResult } from './validate-result.ts';
import { verifyPatch } from './verify-patch.ts';

/** What trying a patch showed, as far as the policy and the task's purpose ask for it; or how that ended the task. */
export async function tryPatch(
  ground: Ground,
  checked: CheckedResult,
): Promise<Pick<Outcome, 'verification' | 'proof'> | StageFailure> {
  const verification = await verifyPatch(ground, checked);
  if (verification !== undefined && isFailure(verification)) return verification;
  const proof = await proveTests(ground, checked.files, verification);
  if (proof !== undefined && isFailure(proof)) return proof;
  return {
    ...(verification === undefined ? {} : { verification }),
    ...(proof === undefined ? {} : { proof }),
  };
}
