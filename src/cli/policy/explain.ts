import { closest } from '../../domain/closest.ts';
import { SallyportError } from '../../errors.ts';
import type { FoldedPolicy } from '../../policy/layering/fold-layers.ts';
import { explanationJson, explanationText } from '../../report/policy/explanation.ts';
import { policyFaultText } from '../../report/policy/fault-text.ts';
import { type PolicyPlaces, textsOf } from './layer-file.ts';
import { parseArguments } from './parse-arguments.ts';
import { layerFiles, readRepositoryPolicy, repositoryArguments } from './repository-policy.ts';

const [exitExplained, exitFaults] = [0, 1];

/**
 * `sallyport policy explain`: the effective policy with the source of each value, and its tasks in words.
 * Resolves with the exit code: 0 explained, 1 when the repository's layer is at fault, with its faults.
 * @throws SallyportError `usage.invalid` and what `readRepositoryPolicy` throws
 */
export async function explainPolicies(
  args: readonly string[],
  places: PolicyPlaces,
  write: (text: string) => void,
): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    ...repositoryArguments,
    task: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length > 0) {
    throw new SallyportError('usage.invalid', 'sallyport policy explain takes options alone');
  }
  const { repo, repository, ref, operator, organisation, task, json } = values;
  const options = { repo, repository, ref, operator, organisation };
  const { subject, sources, folding } = await readRepositoryPolicy(options, places);
  if (!folding.ok) {
    const texts = textsOf(sources);
    write(folding.faults.map((fault) => policyFaultText(fault, texts)).join(''));
    return exitFaults;
  }
  assertTask(folding.folded, task);
  const it = { folded: folding.folded, subject, layers: layerFiles(sources), task };
  write(json ? explanationJson(it) : explanationText(it));
  return exitExplained;
}

function assertTask({ policy }: FoldedPolicy, task: string | undefined): void {
  const names = Object.keys(policy.tasks);
  if (task === undefined || names.includes(task)) return;
  const meant = closest(task, names);
  const hint = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`;
  throw new SallyportError('usage.invalid', `--task ${task}: the policy has no such task; ${hint}`);
}
