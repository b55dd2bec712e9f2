import { isObject, type Json, type JsonObject, textOf } from './json.ts';
import type { PullRequest, Repository } from './records.ts';
import type { Caller } from './tokens.ts';
import type { Webhooks } from './webhooks.ts';
import { found, type World } from './world.ts';

/** One validated and authorised API request. */
export interface Call {
  readonly world: World;
  readonly webhooks: Webhooks;
  readonly caller: Caller;
  /** Path and query values, already converted to the types of the schema. */
  readonly path: JsonObject;
  readonly query: JsonObject;
  readonly body: JsonObject;
}

/** What a handler answers. Without `body` the response is empty. */
export interface Answer {
  readonly status: number;
  readonly body?: Json;
  /** A page for people instead of a body. */
  readonly page?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Performs one operation. @throws Refusal */
export type Handler = (call: Call) => Promise<Answer> | Answer;

/** The repository that the path names. @throws Refusal 404 */
export function repositoryOf(call: Call): Repository {
  return call.world.repository(`${textOf(call.path['owner'])}/${textOf(call.path['repo'])}`);
}

/** The pull request that the path names. @throws Refusal 404 */
export function pullRequestOf(call: Call): PullRequest {
  return call.world.pullRequest(repositoryOf(call), number(call.path, 'pull_number'));
}

/** A number of the path, query or body. The schema has been checked. */
export function number(values: JsonObject, name: string): number {
  return Number(values[name]);
}

/** A string of the path, query or body, or undefined when absent. */
export function text(values: JsonObject, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** A record by the number in the path, if it also belongs to the repository of the path. @throws Refusal 404 */
export function byId<T>(
  records: ReadonlyMap<number, T>,
  id: number,
  belongs: (record: T) => boolean,
): T {
  const record = records.get(id);
  return found(record !== undefined && belongs(record) ? record : undefined);
}

const MAX_PER_PAGE = 100;

/** One page of a list with GitHub's `Link` header; 30 a page, at most 100. */
export function page<T>(call: Call, items: readonly T[], view: (item: T) => Json): Answer {
  const perPage = Math.min(Number(call.query['per_page'] ?? 30) || 30, MAX_PER_PAGE);
  const current = Math.max(Number(call.query['page'] ?? 1) || 1, 1);
  const shown = items.slice((current - 1) * perPage, current * perPage).map(view);
  const last = Math.max(Math.ceil(items.length / perPage), 1);
  return { status: 200, body: shown, headers: linkHeader(call, current, last) };
}

/** Puts a page into the envelope that some lists have: the total and the items under a name. */
export function enveloped(answer: Answer, name: string, total: number): Answer {
  return { ...answer, body: { total_count: total, [name]: answer.body ?? [] } };
}

/** The path of the request is filled in by the server, which knows it: here `?` stands for it. */
function linkHeader(call: Call, current: number, last: number): Record<string, string> {
  const link = (target: number, rel: string): string => {
    const query = new URLSearchParams(
      Object.entries(call.query).map(([name, value]) => [name, textOf(value)]),
    );
    query.set('page', String(target));
    return `<?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [link(current - 1, 'prev'), link(1, 'first')] : []),
    ...(current < last ? [link(current + 1, 'next'), link(last, 'last')] : []),
  ];
  return links.length > 0 ? { link: links.join(', ') } : {};
}

/** The items of a body's array, as objects. */
export function objects(values: JsonObject, name: string): JsonObject[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
