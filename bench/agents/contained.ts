import { SocketDialer } from '../../src/adapters/net/socket-dialer.ts';
import type { SqlStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { openBroker, type RunBroker } from '../../src/dispatch/open-broker.ts';
import { recordEgress } from '../../src/dispatch/record-egress.ts';
import { runSandbox } from '../../src/dispatch/run-sandbox.ts';
import type { TaskId } from '../../src/domain/ids.ts';
import { EgressPolicy } from '../../src/policy/egress-policy.ts';
import type { RunningSandbox } from '../../src/ports/sandbox.ts';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import { systemClock } from '../../src/system-clock.ts';
import type { Place } from '../sandbox/place.ts';
import { only } from '../sandbox/run-order.ts';
import { modelKey, prompt } from './scene.ts';

/** One review in a sandbox of the agent's image. */
export interface ContainedReview {
  readonly image: string;
  readonly taskId: TaskId;
  readonly input: TaskInput;
  readonly modelUrl: string;
  readonly store: SqlStore;
  /** One that waits already. Absent: one is started. */
  readonly waiting?: RunningSandbox;
}

/**
 * Runs it as a task is run: from the start of the container to its result and its removal, with the broker in between
 * and each of its decisions in the ledger on disk.
 * @throws Error when there is no result, or the agent failed
 */
export async function runContained(place: Place, review: ContainedReview): Promise<void> {
  const { image, taskId, input, waiting } = review;
  const { ownerId, runtime, policy, snapshot } = place;
  const { stream: bundle } = snapshot.bundle(input, { prompt, base: true });
  const verdict = await runSandbox(
    { sandbox: waiting === undefined ? place.sandbox : only(waiting), clock: systemClock },
    {
      taskId,
      ownerId,
      image,
      runtime,
      limits: policy.limits,
      bundle,
      modelKey,
      broker: brokerTo(review),
      onEvent: () => undefined,
      signal: new AbortController().signal,
    },
  );
  if (verdict.status !== 'result') throw new Error(`${verdict.status}: ${verdict.reason}`);
  const { agent, report } = verdict.result.manifest;
  if (agent.exitCode !== 0 || report?.findings.length !== 1)
    throw new Error(`the agent ended with ${agent.exitCode}: ${JSON.stringify(report)}`);
}

function brokerTo({ taskId, input, modelUrl, store }: ContainedReview): RunBroker {
  const { model } = input;
  const path = { 'anthropic-messages': '/v1/messages', 'openai-responses': '/v1/responses' };
  const policy = EgressPolicy.parse({
    modelRoutes: [
      {
        id: 'bench',
        kind: model?.api,
        authority: 'bench.model.sallyport.internal',
        upstream: modelUrl,
        paths: [{ ...path, 'openai-chat': '/v1/chat/completions' }[model?.api ?? 'openai-chat']],
        models: [model?.name],
        limits: { tokens: 1_000_000, costMicroUsd: 1_000_000 },
        unpriced: 'allow',
      },
    ],
    allowAddresses: ['127.0.0.1/32'],
    limits: {
      networkBytes: 2 ** 30,
      requests: 1_000,
      connections: 1_000,
      concurrent: 16,
      headerBytes: 12_288,
      bodyBytes: 2 ** 26,
    },
  });
  const egress = {
    resolver: { resolve: () => Promise.reject(new Error('nothing is resolved')) },
    dialer: new SocketDialer(),
    credentials: new Map<string, never>(),
    prices: { version: 1, asOf: '2026-01-01', models: {} } as const,
  };
  const onRecord = recordEgress.bind(undefined, store.ledger, {
    id: taskId,
    attempt: 1,
    stage: 'agent',
  });
  return openBroker({ egress, clock: systemClock }, { policy, modelKey, onRecord });
}
