import type { Limits } from '../domain/limits.ts';
import type { Peaks } from '../domain/peaks.ts';
import { counted } from './counted.ts';
import { safeCode } from './sanitise.ts';

/** What a run asked of one host. */
export interface HostFacts {
  /** As the sandbox wrote it. */
  readonly host: string;
  readonly allowed: number;
  readonly denied: number;
  /** Why the last one was refused, by its code; null when none was. */
  readonly reason: string | null;
}

/** What a run used of one model. */
export interface ModelFacts {
  readonly model: string;
  readonly tokens: number;
  readonly costMicroUsd: number;
  /** Some of the numbers are estimates: the provider did not count. */
  readonly isEstimate: boolean;
  /** The day of the prices that it was reckoned by; null: the model has none. */
  readonly pricesAsOf: string | null;
}

/** What providers of models did besides answering. */
export interface ProviderFacts {
  /** Requests that were tried again. */
  readonly retried: number;
  /** Requests that failed all the same. */
  readonly failed: number;
  /** What they failed with, each once, as `529 overloaded_error`. */
  readonly errors: readonly string[];
  /** Answers in which the model refused, and by which categories, each once. */
  readonly refused: number;
  readonly categories: readonly string[];
}

/** What a run asked for outside its sandbox, by the ledger. */
export interface RunFacts {
  readonly hosts: readonly HostFacts[];
  readonly models: readonly ModelFacts[];
  readonly provider: ProviderFacts;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** Of a run that asked for nothing. */
export const nothingAsked: RunFacts = {
  hosts: [],
  models: [],
  provider: { retried: 0, failed: 0, errors: [], refused: 0, categories: [] },
  bytesUp: 0,
  bytesDown: 0,
};

/** A row for each model: tokens and what they cost by the operator's price table; and what providers did besides. */
export function modelRows({ models, provider }: RunFacts): string[] {
  return [...models.map(modelRow), ...providerRows(provider)];
}

function modelRow({ model, tokens, costMicroUsd, isEstimate, pricesAsOf }: ModelFacts): string {
  const by = pricesAsOf === null ? 'without a price' : `by prices of ${pricesAsOf}`;
  const cost = `${counted(tokens, 'token')}, $${(costMicroUsd / 1e6).toFixed(4)} ${by}`;
  return `Model ${safeCode(model)}: ${cost}${isEstimate ? ' (estimated)' : ''}`;
}

function providerRows({ retried, failed, errors, refused, categories }: ProviderFacts): string[] {
  const why = errors.length === 0 ? '' : ` (${errors.map(safeCode).join(', ')})`;
  const by = categories.map(safeCode).join(', ');
  return [
    ...(retried === 0 ? [] : [`Model provider: ${counted(retried, 'request')} tried again${why}`]),
    ...(failed === 0 ? [] : [`Model provider: ${counted(failed, 'request')} failed${why}`]),
    ...(refused === 0 ? [] : [`Model provider: ${counted(refused, 'answer')} refused (${by})`]),
  ];
}

/** Where the run asked to go and how often it was let; one row says so when it never asked. */
export function networkRows({ hosts, bytesUp, bytesDown }: RunFacts): string[] {
  if (hosts.length === 0) return ['Nothing in the sandbox asked for the network.'];
  const total = `${kilobytes(bytesUp)} out, ${kilobytes(bytesDown)} in`;
  return [total, ...hosts.map(hostRow)];
}

function hostRow({ host, allowed, denied, reason }: HostFacts): string {
  const why = reason === null ? '' : ` (${safeCode(reason)})`;
  const parts = [
    ...(allowed === 0 ? [] : [`${allowed} allowed`]),
    ...(denied === 0 ? [] : [`${denied} denied${why}`]),
  ];
  return `${safeCode(host)}: ${parts.join(', ')}`;
}

/** The most of each that was used at once, of how much there was; undefined when nothing was measured. */
export function peaksRow(peaks: Peaks | undefined, limits: Limits): string | undefined {
  const said = [
    part('memory', megabytes, [peaks?.memoryBytes, limits.memoryBytes]),
    part('processes', String, [peaks?.pids, limits.pids]),
    part('workspace', megabytes, [peaks?.workspaceBytes, limits.workspaceBytes]),
    part('temporary files', megabytes, [peaks?.tmpBytes, limits.tmpBytes]),
    part('output', kilobytes, [peaks?.outputBytes, limits.eventBytes]),
  ].filter((one) => one !== undefined);
  return said.length === 0 ? undefined : `At most: ${said.join(', ')}`;
}

function part(
  name: string,
  inWords: (amount: number) => string,
  [used, ceiling]: readonly [number | null | undefined, number],
): string | undefined {
  if (used === null || used === undefined) return undefined;
  return `${name} ${inWords(used)} of ${inWords(ceiling)}`;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
