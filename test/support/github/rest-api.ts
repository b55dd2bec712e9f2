import type { Answer, Call } from './call.ts';
import { CONTENT_OPERATIONS } from './content-limits.ts';
import { revalidated } from './etag.ts';
import { HANDLERS } from './handlers/all.ts';
import { isObject, type Json, type JsonObject, textOf } from './json.ts';
import type { OperationId } from './operations.ts';
import { perVersion } from './per-version.ts';
import { REQUIREMENTS } from './permissions.ts';
import { notFound, Refusal } from './refusal.ts';
import { loadOperations, type Operation } from './rest-schema.ts';
import { Router } from './router.ts';
import type { Violation } from './schema-set.ts';
import { authorize, identify } from './tokens.ts';
import type { Webhooks } from './webhooks.ts';
import { fullName, type World } from './world.ts';

/** A request as the server has read it. */
export interface RestRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  /** The header `If-None-Match` of a GET. */
  readonly ifNoneMatch: string | undefined;
  readonly body: Json | undefined;
}

/** Shared by all stand-ins of a process: it never changes, and compiling its schemas takes long. */
const routerOf = perVersion((ghes) => new Router(loadOperations(ghes)));

/** What all requests share. */
export interface RestParts {
  readonly world: World;
  readonly webhooks: Webhooks;
  readonly violations: Violation[];
  /** The operations that wrote something and were answered 422. */
  readonly unprocessable: string[];
}

/** Writes whose refusal with 422 loses a check, a comment or a whole review. */
const PUBLISHES = /^(checks|issues|pulls)\/(create|update)/;

/** Answers REST requests: route, validate, authorise, perform, validate the answer. */
export class RestApi {
  readonly #world: World;
  readonly #webhooks: Webhooks;
  readonly #violations: Violation[];
  readonly #unprocessable: string[];

  constructor(parts: RestParts) {
    this.#world = parts.world;
    this.#webhooks = parts.webhooks;
    this.#violations = parts.violations;
    this.#unprocessable = parts.unprocessable;
  }

  /** Never throws: a bug of the stand-in becomes a 500 and a violation. */
  async handle(request: RestRequest): Promise<Answer> {
    const match = routerOf(this.#world.ghes).find(request.method, request.url.pathname);
    if (!match) return this.refuse(request.method, request.url.pathname);
    const moved = this.#moved(request, match.path);
    if (moved) return moved;
    try {
      const answer = await this.#perform(request, match.operation, match.path);
      const checked = this.#checked(match.operation, answer);
      return request.method === 'GET' ? revalidated(checked, request) : checked;
    } catch (error) {
      if (error instanceof Refusal) return this.#refused(match.operation, error);
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return this.#fail(match.operation, [text]);
    }
  }

  #refused(operation: Operation, { status, body }: Refusal): Answer {
    if (status === 422 && PUBLISHES.test(operation.id)) this.#unprocessable.push(operation.id);
    return this.#checked(operation, { status, body });
  }

  /** GitHub leads from a former name to the present one (docs, best practices: follow redirects). */
  #moved({ method, url }: RestRequest, path: JsonObject): Answer | undefined {
    const former = `${textOf(path['owner'])}/${textOf(path['repo'])}`;
    if (path['repo'] === undefined || this.#world.repositories.has(former.toLowerCase()))
      return undefined;
    const repo = this.#world.formerNames.get(former.toLowerCase());
    if (!repo) return undefined;
    const there = url.pathname.replace(`/repos/${former}`, `/repos/${fullName(repo)}`);
    const location = `${this.#world.apiUrl}${there}${url.search}`;
    const status = method === 'GET' ? 301 : 307;
    return { status, body: { message: 'Moved', url: location }, headers: { location } };
  }

  /** 404 for what is no route, which is recorded: the product asks for none such. */
  refuse(method: string, pathname: string): Answer {
    this.#violations.push({
      direction: 'request',
      operation: `${method} ${pathname}`,
      errors: ['unknown route'],
    });
    return { status: 404, body: notFound().body };
  }

  async #perform(request: RestRequest, operation: Operation, path: JsonObject): Promise<Answer> {
    const query: JsonObject = Object.fromEntries(request.url.searchParams);
    const caller = identify(this.#world, request.authorization);
    const errors = [
      ...operation.checkParameters(path, query),
      ...operation.checkBody(request.body),
    ];
    if (errors.length > 0) {
      this.#violations.push({ direction: 'request', operation: operation.id, errors });
      throw new Refusal(422, { message: `Invalid request.\n\n${errors.join('\n')}` });
    }
    const call: Call = {
      world: this.#world,
      webhooks: this.#webhooks,
      caller,
      path,
      query,
      body: isObject(request.body) ? request.body : {},
    };
    const name =
      path['repo'] === undefined ? undefined : `${textOf(path['owner'])}/${textOf(path['repo'])}`;
    const repo = name === undefined ? undefined : this.#world.repository(name);
    authorize(caller, REQUIREMENTS[operation.id], repo);
    const answer = overLimit(operation.id, call) ?? (await HANDLERS[operation.id](call));
    return withAbsoluteLinks(answer, `${this.#world.apiUrl}${request.url.pathname}`);
  }

  #checked(operation: Operation, answer: Answer): Answer {
    const errors = operation.checkResponse(answer.status, answer.body);
    return errors.length === 0 ? answer : this.#fail(operation, errors);
  }

  #fail(operation: Operation, errors: string[]): Answer {
    this.#violations.push({ direction: 'response', operation: operation.id, errors });
    return { status: 500, body: { message: "the stand-in broke GitHub's contract", errors } };
  }
}

function overLimit(id: OperationId, { world, caller }: Call): Answer | undefined {
  if (caller.kind !== 'installation' || !CONTENT_OPERATIONS.has(id)) return undefined;
  return world.content.take(caller.token.installation.id);
}

function withAbsoluteLinks(answer: Answer, address: string): Answer {
  const link = answer.headers?.['link'];
  return link === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, link: link.replaceAll('<?', `<${address}?`) } };
}
