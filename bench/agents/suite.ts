import { join } from 'node:path';
import Docker from 'dockerode';
import { ensureWorkerImage } from '../../scripts/setup/worker-image.ts';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { agentInput } from '../../src/dispatch/agent-input.ts';
import type { TaskId } from '../../src/domain/ids.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import { systemClock } from '../../src/system-clock.ts';
import { type ModelAgent, modelAgents } from '../../test/support/agents/dialects.ts';
import type { Measured, OpenComparison } from '../comparison.ts';
import type { BenchOptions } from '../options.ts';
import { namesOf, runCases } from '../run-cases.ts';
import type { Outcome } from '../run-pairs.ts';
import { inPlace, type Place } from '../sandbox/place.ts';
import { freshTaskId } from '../sandbox/run-order.ts';
import { blankSandbox } from '../sandbox/starts.ts';
import { runContained } from './contained.ts';
import { directPlace, runDirect } from './direct.ts';
import { type ReviewTimes, reviewInput, timeReview } from './scene.ts';

type Case = readonly [name: string, open: (place: Place) => Promise<OpenComparison>];

/** For each agent a review in a sandbox that is started for it, and in one that waits, by name. */
const cases = new Map<string, Case[1]>(
  modelAgents.flatMap((agent): Case[] => [
    [`${agent}-cold`, (place) => openReview(place, agent, false)],
    [`${agent}-warm`, (place) => openReview(place, agent, true)],
  ]),
);

/** Runs the suite, or one case of it. @throws Error for a case that is not there */
export async function runAgentsSuite(options: BenchOptions): Promise<readonly Outcome[]> {
  // Before anything is set up for it.
  namesOf(Object.fromEntries(cases), options);
  return inPlace(options.runtime, (place) => {
    const open = [...cases].map(([name, make]) => [name, () => make(place)] as const);
    return runCases(Object.fromEntries(open), options);
  });
}

async function openReview(
  place: Place,
  agent: ModelAgent,
  isWarm: boolean,
): Promise<OpenComparison> {
  const name = `${agent}-${isWarm ? 'warm' : 'cold'}`;
  const { id: image } = await ensureWorkerImage(place, agent);
  const direct = await directPlace(agent, join(place.folder, name));
  const file = join(place.folder, `${name}.sqlite`);
  const store = await openSqliteStore({ file, clock: systemClock });
  return {
    name,
    title: `one scripted review with ${agent}, ${isWarm ? 'in a sandbox that waits' : 'its sandbox started for it'}; image ${await megabytes(place, image)} MB`,
    baseline: 'direct: the same CLI on the host, with the same options and server of tools',
    unit: 'ms',
    target: null,
    rounds: 5,
    measure: async () => {
      const waiting = isWarm ? await blankSandbox(place, image) : undefined;
      const taskId = freshTaskId();
      const input = inputOf(place, agent, taskId);
      const review = { image, taskId, input, store, ...(waiting === undefined ? {} : { waiting }) };
      return measured(
        await timeReview(agent, ({ url }) => runContained(place, { ...review, modelUrl: url })),
      );
    },
    measureBaseline: async () => {
      const input = inputOf(place, agent, freshTaskId());
      return measured(await timeReview(agent, ({ url }) => runDirect(direct, input, url)));
    },
    close: () => store.close(),
  };
}

function inputOf({ policy, snapshot }: Place, agent: ModelAgent, id: TaskId): TaskInput {
  const { headSha, baseSha, changedFiles } = snapshot;
  const task = { id, kind: 'review', headSha, baseSha, instructions: null } as const;
  const rules = { agent, commands: [], limits: policy.limits };
  return reviewInput(agent, agentInput({ task, rules }, snapshot, [...changedFiles]));
}

function measured({ asked, ended }: ReviewTimes): Measured {
  return {
    value: ended,
    stages: { 'to its first request': asked, 'then to the end': ended - asked },
  };
}

async function megabytes({ socketPath }: Place, image: string): Promise<number> {
  const { Size } = await new Docker({ socketPath }).getImage(image).inspect();
  return Math.round(Size / 1e6);
}
