import type { JsonObject } from './json.ts';
import type { Operation } from './rest-schema.ts';

/** Path parameters that may hold slashes, beside the paths of files: names of refs. */
const GREEDY = new Set(['ref', 'basehead', 'branch']);

/** A route that fits a request, with the decoded but not yet validated values of its path. */
export interface Match {
  readonly operation: Operation;
  readonly path: JsonObject;
}

interface Route {
  readonly operation: Operation;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** Finds the operation for a method and a path; the route with most literal segments wins. */
export class Router {
  readonly #routes: readonly Route[];

  constructor(operations: readonly Operation[]) {
    this.#routes = operations.toSorted((a, b) => literals(b) - literals(a)).map(route);
  }

  /** Undefined for a route outside the trimmed OpenAPI, and for a path that does not decode. */
  find(method: string, path: string): Match | undefined {
    for (const { operation, pattern, names } of this.#routes) {
      if (operation.method !== method) continue;
      const values = pattern.exec(path)?.slice(1);
      const decoded = values && decodeAll(values);
      if (decoded)
        return {
          operation,
          path: Object.fromEntries(names.map((name, i) => [name, decoded[i] ?? ''])),
        };
    }
    return undefined;
  }
}

function literals(operation: Operation): number {
  return operation.template.split('/').filter((segment) => !segment.startsWith('{')).length;
}

function route(operation: Operation): Route {
  const names = [...operation.template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  // The root folder has an empty path, and Octokit then leaves its slash out.
  const template = operation.template.replace('/{path}', '(?:/(.*))?');
  const source = template.replace(/\{(\w+)\}/g, (_, name: string) => capture(name));
  return { operation, names, pattern: new RegExp(`^${source}$`) };
}

function capture(name: string): string {
  return GREEDY.has(name) ? '(.+)' : '([^/]+)';
}

function decodeAll(values: readonly (string | undefined)[]): string[] | undefined {
  try {
    return values.map((value) => decodeURIComponent(value ?? ''));
  } catch {
    // A malformed escape names no resource.
    return undefined;
  }
}
