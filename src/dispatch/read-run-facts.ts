import { z } from 'zod';
import { totalTokens } from '../broker/model-usage.ts';
import type { LedgerEntry } from '../domain/ledger-entry.ts';
import type { Task } from '../domain/task.ts';
import { routeSuffix } from '../policy/model-route.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { HostFacts, ModelFacts, ProviderFacts, RunFacts } from '../report/run-facts.ts';

const count = z.number().nonnegative();
const Asked = z.object({ attempt: z.number(), host: z.string() });
const Denied = Asked.extend({ reason: z.string() });
const Model = z.object({
  model: z.string(),
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite: count,
  cacheWriteHour: count,
  costMicroUsd: count,
  isEstimate: z.boolean(),
  // Absent in rows from before.
  pricesAsOf: z.string().nullable().default(null),
});
const Closed = Asked.extend({
  bytesUp: count,
  bytesDown: count,
  model: Model.nullable(),
  status: z.number().nullable(),
  ending: z.string(),
  attempts: count.optional(),
  providerError: z.string().optional(),
  refusal: z.string().optional(),
});

/** What the task's last attempt asked for outside its sandbox, as the ledger has it; most asked for first. */
export async function readRunFacts(
  ledger: Ledger,
  { id, attempt }: Pick<Task, 'id' | 'attempt'>,
): Promise<RunFacts> {
  const rows = (await ledger.ofTask(id)).filter(({ data }) => data['attempt'] === attempt);
  const closed = of(rows, 'egress.closed', Closed);
  const denied = of(rows, 'egress.denied', Denied);
  const allowed = of(rows, 'egress.allowed', Asked);
  return {
    hosts: hostsOf(allowed, denied),
    models: modelsOf(closed.flatMap(({ model }) => (model === null ? [] : [model]))),
    provider: providerOf(closed),
    bytesUp: closed.reduce((sum, { bytesUp }) => sum + bytesUp, 0),
    bytesDown: closed.reduce((sum, { bytesDown }) => sum + bytesDown, 0),
  };
}

function of<T>(rows: readonly LedgerEntry[], type: string, schema: z.ZodType<T>): T[] {
  return rows.filter((row) => row.type === type).map(({ data }) => schema.parse(data));
}

function hostsOf(
  allowed: readonly z.infer<typeof Asked>[],
  denied: readonly z.infer<typeof Denied>[],
): HostFacts[] {
  const refusals = Map.groupBy(denied, ({ host }) => host);
  const passes = Map.groupBy(allowed, ({ host }) => host);
  return [...new Set([...passes.keys(), ...refusals.keys()])]
    .map((host) => {
      const refused = refusals.get(host) ?? [];
      const reason = refused.at(-1)?.reason ?? null;
      return { host, allowed: passes.get(host)?.length ?? 0, denied: refused.length, reason };
    })
    .sort((a, b) => b.allowed + b.denied - (a.allowed + a.denied));
}

/** How an exchange ends whose provider went away or fell silent: no word of its own says so. */
const brokenEndings = ['upstream-failed', 'connect-failed', 'idle'];

/** What a provider failed with: its own word, or how a request to a model broke off. */
function faultOf({ host, ending, providerError }: z.infer<typeof Closed>): string | undefined {
  const isBroken = host.endsWith(routeSuffix) && brokenEndings.includes(ending);
  return isBroken ? ending : providerError;
}

function providerOf(closed: readonly z.infer<typeof Closed>[]): ProviderFacts {
  const errors = closed.flatMap((one) => faultOf(one) ?? []);
  const categories = closed.flatMap(({ refusal }) => refusal ?? []);
  // With a status it is an answer's, which may have been held back; without, it broke off an answer.
  const hasFailed = (one: z.infer<typeof Closed>): boolean => {
    const fault = faultOf(one);
    return fault !== undefined && ((one.status ?? 0) >= 400 || !/^\d/.test(fault));
  };
  return {
    retried: closed.filter(({ attempts = 1 }) => attempts > 1).length,
    failed: closed.filter(hasFailed).length,
    errors: [...new Set(errors)],
    refused: categories.length,
    categories: [...new Set(categories)],
  };
}

function modelsOf(used: readonly z.infer<typeof Model>[]): ModelFacts[] {
  return [...Map.groupBy(used, ({ model }) => model)].map(([model, all]) => ({
    model,
    tokens: all.reduce((sum, one) => sum + totalTokens(one), 0),
    costMicroUsd: all.reduce((sum, one) => sum + one.costMicroUsd, 0),
    isEstimate: all.some((one) => one.isEstimate),
    pricesAsOf: all.at(-1)?.pricesAsOf ?? null,
  }));
}
