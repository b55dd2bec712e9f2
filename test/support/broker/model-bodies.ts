import { readModelBody } from '../../../src/broker/model-body.ts';
import { ModelRoute } from '../../../src/policy/model-route.ts';

/** A model API's way to be asked. */
export type Kind = ModelRoute['kind'];

/** A route of a kind to the one model `m`. */
export const routeOf = (kind: Kind, more: object = {}): ModelRoute =>
  ModelRoute.parse({
    id: 'r',
    kind,
    authority: 'r.model.sallyport.internal',
    upstream: 'https://a.example',
    paths: ['/v1/x'],
    models: ['m'],
    limits: { tokens: 1, costMicroUsd: 1 },
    ...more,
  });

/** What is sent on of a body, or why nothing is. */
export function readBodyOf(kind: Kind, body: object, more: object = {}) {
  const bytes = Buffer.from(JSON.stringify({ model: 'm', ...body }));
  const reading = readModelBody(bytes, routeOf(kind, more));
  return reading.ok ? (JSON.parse(reading.bytes.toString()) as object) : reading.reason;
}

/** Messages with one part. */
export const user = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
/** A Responses input with one part. */
export const item = (part: object) => ({ input: [{ role: 'user', content: [part] }] });
/** Where a model could be made to carry something. */
export const url = 'https://evil.example/?stolen';
