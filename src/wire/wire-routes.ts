import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { pipeline } from 'node:stream/promises';
import { SallyportError } from '../errors.ts';
import {
  budgetHeader,
  canaryHeader,
  controlAuthority,
  modelKeyHeader,
  routes,
} from '../protocol/wire.ts';
import { EventReceiver } from './receive-events.ts';
import { receiveResult, type SandboxResult } from './receive-result.ts';
import { maxDeniedRequests } from './session-options.ts';
import type { WireTask } from './wire-task.ts';

/** Where the result, or the first fault, goes. */
export type WireOutcome = {
  readonly resolve: (result: SandboxResult) => void;
  readonly reject: (error: unknown) => void;
};

/** Answers the requests of one sandbox. Input and result are served once; the rest is denied. */
export class WireRoutes {
  readonly #task: WireTask;
  readonly #outcome: WireOutcome;
  readonly #events: EventReceiver;
  readonly #served = new Set<string>();
  #denied = 0;
  #isTelling = false;

  constructor(task: WireTask, outcome: WireOutcome) {
    this.#task = task;
    this.#outcome = outcome;
    this.#events = new EventReceiver(task.limits, task.onEvent);
  }

  /** Answers one request; a fault ends the whole wire, not this request alone. */
  answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    // The fault of a stream comes out where it is read; without a listener it would end the process.
    stream.on('error', () => undefined);
    const route = this.#routeOf(headers);
    if (route === undefined) this.#deny(stream, headers);
    else route(stream).catch((error: unknown) => this.#fail(stream, error));
  }

  #routeOf(
    headers: IncomingHttpHeaders,
  ): ((stream: ServerHttp2Stream) => Promise<void>) | undefined {
    if (headers[':authority'] !== controlAuthority) return undefined;
    switch (`${headers[':method']} ${headers[':path']}`) {
      case `GET ${routes.input}`:
        return (stream) => this.#sendInput(stream);
      case `POST ${routes.events}`:
        return (stream) => this.#takeEvents(stream);
      case `POST ${routes.result}`:
        return (stream) => this.#takeResult(stream);
      default:
        return undefined;
    }
  }

  async #sendInput(stream: ServerHttp2Stream): Promise<void> {
    this.#once(routes.input);
    const bundle = this.#task.bundle();
    const beside = besideInput(this.#task);
    stream.respond({ ':status': 200, 'content-type': 'application/x-tar', ...beside });
    try {
      await pipeline(bundle, stream);
    } catch (cause) {
      // A bundle that fails by itself speaks for itself; otherwise the sandbox stopped reading.
      if (bundle.errored !== null && !isStreamFault(bundle.errored)) throw bundle.errored;
      throw new SallyportError('wire.failed', 'the sandbox did not take its input', { cause });
    }
  }

  async #takeEvents(stream: ServerHttp2Stream): Promise<void> {
    this.#once(routes.events);
    if (this.#served.has(routes.result))
      throw new SallyportError('wire.failed', 'the sandbox told of events after its result');
    this.#isTelling = true;
    await this.#events.receive(stream);
    this.#isTelling = false;
    respond(stream, 204);
  }

  async #takeResult(stream: ServerHttp2Stream): Promise<void> {
    this.#once(routes.result);
    // Whatever is told after a result would be heard of by nobody, a secret in it included.
    if (this.#isTelling)
      throw new SallyportError('wire.failed', 'the sandbox has not ended its events');
    const result = await receiveResult(stream, this.#task.limits);
    respond(stream, 204);
    this.#outcome.resolve(result);
  }

  #once(route: string): void {
    if (this.#served.has(route))
      throw new SallyportError('wire.failed', `the sandbox asked for ${route} twice`);
    this.#served.add(route);
  }

  #deny(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    if (this.#task.onEgress !== undefined) {
      this.#task.onEgress(stream, headers);
      return;
    }
    respond(stream, 403);
    this.#denied += 1;
    // Each denial costs the control plane work and the sandbox nothing: no endless row of them.
    if (this.#denied > maxDeniedRequests)
      this.#outcome.reject(new SallyportError('wire.failed', 'the sandbox went on after denials'));
  }

  #fail(stream: ServerHttp2Stream, error: unknown): void {
    respond(stream, 400);
    this.#outcome.reject(error);
  }
}

/** What differs from run to run with equal inputs. */
function besideInput({ canary, modelKey, budget }: WireTask): Record<string, string> {
  return {
    ...(canary === undefined ? {} : { [canaryHeader]: canary }),
    ...(modelKey === undefined ? {} : { [modelKeyHeader]: modelKey }),
    ...(budget === undefined ? {} : { [budgetHeader]: JSON.stringify(budget) }),
  };
}

function isStreamFault(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** An answer without a body, and no more of the request. */
function respond(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  stream.respond({ ':status': status }, { endStream: true });
  if (status >= 400) stream.close(constants.NGHTTP2_NO_ERROR);
}
