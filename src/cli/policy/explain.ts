import { explainPull } from '../../dispatch/explain-pull.ts';
import { closest } from '../../domain/closest.ts';
import { SallyportError } from '../../errors.ts';
import type { FoldedPolicy } from '../../policy/layering/fold-layers.ts';
import { explanationJson, explanationText } from '../../report/policy/explanation.ts';
import { policyFaultText } from '../../report/policy/fault-text.ts';
import { textsOf } from './layer-file.ts';
import { parseArguments } from './parse-arguments.ts';
import { type RepositoryPlaces, repositoryArguments } from './repository-options.ts';
import { layerFiles, readRepositoryPolicy } from './repository-policy.ts';

const [exitExplained, exitFaults] = [0, 1];

/**
 * `sallyport policy explain`: the effective policy with the source of each value, and its tasks in words.
 * Resolves with the exit code: 0 explained, 1 when the repository's layer is at fault, with its faults.
 * @throws SallyportError `usage.invalid` and what `readRepositoryPolicy` throws
 */
export async function explainPolicies(
  args: readonly string[],
  places: RepositoryPlaces,
  write: (text: string) => void,
): Promise<number> {
  const { values, positionals } = parseArguments(args, {
    ...repositoryArguments,
    task: { type: 'string' },
    pr: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (positionals.length > 0) {
    throw new SallyportError('usage.invalid', 'sallyport policy explain takes options alone');
  }
  const { repo, repository, ref, operator, organisation, task, json } = values;
  const pr = values.pr === undefined ? undefined : numberOf(values.pr);
  const options = { repo, repository, ref, operator, organisation, pr };
  const { subject, sources, folding, note, pull } = await readRepositoryPolicy(options, places);
  if (!folding.ok) {
    const texts = textsOf(sources);
    // A layer that the App does not see may be what is missing.
    if (note !== null) write(`Note: ${note}\n`);
    write(folding.faults.map((fault) => policyFaultText(fault, texts)).join(''));
    return exitFaults;
  }
  assertTask(folding.folded, task);
  const { policy } = folding.folded;
  const it = {
    folded: folding.folded,
    subject,
    note,
    layers: layerFiles(sources),
    task,
    pull: pull === null ? null : explainPull(policy, pull),
  };
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

function numberOf(text: string): number {
  if (/^[1-9][0-9]{0,9}$/.test(text)) return Number(text);
  throw new SallyportError('usage.invalid', '--pr is the number of a pull request');
}
