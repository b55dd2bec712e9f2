import { simulate } from '../../dispatch/simulate.ts';
import type { SimulationFacts } from '../../dispatch/simulation-facts.ts';
import type { Trigger } from '../../domain/trigger.ts';
import type { Person } from '../../policy/decide/person.ts';
import type { FoldedPolicy } from '../../policy/layering/fold-layers.ts';
import { escapedJson } from '../../report/escaped-json.ts';
import { policyFaultText } from '../../report/policy/fault-text.ts';
import { type Simulation, simulationText } from '../../report/policy/simulation.ts';
import { systemClock } from '../../system-clock.ts';
import { converters } from '../../webhooks/converters.ts';
import { authorIdOf, loginsIn, pullRequestFactsOf } from '../../webhooks/pull-request-facts.ts';
import { type EventFile, readEventFile } from './event-file.ts';
import { textsOf } from './layer-file.ts';
import type { RepositoryPlaces, RepositoryPolicy } from './repository-options.ts';
import { readRepositoryPolicy } from './repository-policy.ts';
import { readSimulateOptions, type SimulateOptions } from './simulate-options.ts';

const [exitSimulated, exitFaults] = [0, 1];

/** Where the command works, and the App whose clicks and comments are its own; null: none is configured. */
export interface SimulatePlaces extends RepositoryPlaces {
  readonly appId: number | null;
}

/**
 * `sallyport policy simulate`: what Sallyport would do with a payload, without doing it. Nothing is written
 * and nobody is asked but GitHub, of a repository there. Resolves with the exit code: 0 told, 1 when the repository's layer is at fault.
 * @throws SallyportError `usage.invalid` and what `readRepositoryPolicy` throws
 */
export async function simulateEvent(
  args: readonly string[],
  places: SimulatePlaces,
  write: (text: string) => void,
): Promise<number> {
  const options = readSimulateOptions(args);
  const file = readEventFile(places.workingDir, options.event, options.name);
  const found = await readRepositoryPolicy(options, places);
  const { subject, sources, folding, note } = found;
  if (!folding.ok) {
    const texts = textsOf(sources);
    // A layer that the App does not see may be what is missing.
    if (note !== null) write(`Note: ${note}\n`);
    write(folding.faults.map((fault) => policyFaultText(fault, texts)).join(''));
    return exitFaults;
  }
  const { policy, digest } = folding.folded;
  const atMs = options.atMs ?? systemClock.nowMs();
  const permissions = await permissionsOf(file, options, found);
  const told = { paths: options.paths, permissions, atMs, policy, appId: places.appId };
  const simulation = simulationOf(file, told);
  const at = new Date(atMs).toISOString();
  if (options.json) write(`${escapedJson({ subject, note, digest, at, ...simulation })}\n`);
  else
    write(
      `${file.name} at ${at}, by the policy of ${subject}\n${note === null ? '' : `Note: ${note}\n`}${simulationText(policy, simulation)}`,
    );
  return exitSimulated;
}

/** What was said on the command line; of others GitHub is asked, where there is one to ask. */
async function permissionsOf(
  { payload }: EventFile,
  { permissions }: SimulateOptions,
  { askPermission }: RepositoryPolicy,
): Promise<SimulateOptions['permissions']> {
  if (askPermission === null) return permissions;
  const logins = loginsIn(payload).filter((login) => !permissions.has(login.toLowerCase()));
  const asked = logins.map(
    async (login) => [login.toLowerCase(), await askPermission(login)] as const,
  );
  return new Map([...permissions, ...(await Promise.all(asked))]);
}

type Told = Pick<SimulateOptions, 'paths' | 'permissions'> &
  Pick<FoldedPolicy, 'policy'> & { readonly atMs: number; readonly appId: number | null };

/** Any payload comes to something: what does not fit is refused, as the App refuses it. */
export function simulationOf({ name, payload }: EventFile, told: Told): Simulation {
  const delivery = { id: 'simulated', payload, receivedAtMs: Math.max(0, told.atMs) };
  // No App has the id 0: without one of our own, nothing is taken for ours.
  const conversion = converters[name](delivery, told.appId ?? 0);
  switch (conversion.kind) {
    case 'trigger':
      return simulate(conversion.trigger, factsOf(conversion.trigger, payload, told));
    case 'ignored':
      return { reason: `Nothing happens. ${ignoredWords[conversion.because]}`, acts: [] };
    default:
      return { reason: `Nothing happens. It does not fit: ${conversion.reason}.`, acts: [] };
  }
}

const ignoredWords = {
  action: 'The App does nothing on this action.',
  'own-comment': 'The comment is the App’s own.',
  'other-app': 'The check run is another App’s; APP_ID says which is ours.',
  'no-pull-request': 'It names no pull request, and the word on a push is `pull_request`.',
  'no-reply': 'It starts a thread; only replies in threads of the App’s own count.',
  'no-trigger': 'The event asks for nothing.',
} as const;

function factsOf(trigger: Trigger, payload: unknown, told: Told): SimulationFacts {
  const { policy, paths, atMs } = told;
  const stands = pullRequestFactsOf(payload);
  const authorId = authorIdOf(payload);
  const personOf = ({ id, login }: { readonly id: number; readonly login: string }): Person => ({
    id,
    login,
    permission: told.permissions.get(login.toLowerCase()) ?? null,
    teams: null,
    isAuthor: id === authorId,
    owns: null,
  });
  const pullRequest =
    stands === undefined ? null : { ...stands, author: personOf(stands.author), paths };
  // Some events nobody sends.
  const sender = 'sender' in trigger ? trigger.sender : { id: 0, login: '' };
  return { policy, sender: personOf(sender), pullRequest, atMs };
}
