import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { keyHeaders } from '../broker/model-key.ts';
import { type Digest, digestOf } from '../domain/ids.ts';
import { routeSuffix } from '../policy/model-route.ts';
import type { AgentReport } from '../protocol/agent-report.ts';
import {
  addedText,
  canaryScan,
  findSecret,
  hasCanary,
  hasOwnSecret,
} from '../report/secret-scan.ts';
import type { RunBroker } from './open-broker.ts';
import type { CheckedResult } from './validate-result.ts';

/** Where a secret was seen, and by which rule; never the secret. */
export interface Incident {
  readonly rule: string;
  readonly where: 'finding' | 'tool' | 'report' | 'patch' | 'path' | 'event' | 'egress';
  /** Digest of the canary of this run, to tell afterwards whether a word found elsewhere was it. */
  readonly canaryDigest: Digest;
}

/** Ends a run in which a secret was seen. */
class Leak extends Error {
  constructor(incident: Incident) {
    super(`a secret in the output: ${incident.rule}`);
    this.name = 'Leak';
  }
}

/**
 * Looks for secrets in everything that comes out of one run. Its canary is a random word that is planted in
 * the agent's environment and known to nobody else: who shows it has dumped what it should not have read.
 */
export class LeakGuard {
  readonly canary = `dk${randomBytes(20).toString('hex')}`;
  /** What the agent gives for a key where it asks a model; anywhere else it is a secret that has leaked. */
  readonly modelKey = `sk-sallyport-${randomBytes(20).toString('hex')}`;
  readonly #leaked = new AbortController();
  /** Secrets of the control plane that no event may have. */
  #own: readonly string[] = [];
  /** The first secret that was seen, whatever else the run ended by. */
  incident: Incident | undefined;

  /** Looks for these in events as well. */
  know(secrets: readonly string[]): void {
    this.#own = [...new Set([...this.#own, ...secrets])];
  }

  /**
   * @throws Leak for an event with a planted word in it, or a secret of the control plane: a line that was printed, an
   * argument of a process
   */
  checkEvent(event: unknown): void {
    const own = hasOwnSecret(textsIn(event).join('\n'), this.#own);
    const rule = this.#plantedIn(JSON.stringify(event)) ?? (own ? 'own-secret' : undefined);
    if (rule !== undefined) throw this.#leak(rule, 'event');
  }

  /** The broker, with a look at where each request goes before it may go. A request with a planted word ends the run. */
  watch(broker: RunBroker): RunBroker {
    return {
      ...broker,
      ended: AbortSignal.any([broker.ended, this.#leaked.signal]),
      onEgress: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
        const rule = this.#plantedIn(JSON.stringify(withoutModelKey(headers)));
        if (rule === undefined && !hasCanary(JSON.stringify(headers), this.canary))
          return broker.onEgress(stream, headers);
        stream.close();
        this.#leaked.abort(this.#leak(rule ?? 'canary', 'egress'));
      },
    };
  }

  /** A look at the body of one request: true for the piece that completes a planted word. It ends the run. */
  watchBody(): (piece: Uint8Array) => boolean {
    const [canary, modelKey] = [canaryScan(this.canary), canaryScan(this.modelKey)];
    return (piece) => {
      const rule = canary(piece) ? 'canary' : modelKey(piece) ? 'model-key' : undefined;
      if (rule === undefined) return false;
      this.#leaked.abort(this.#leak(rule, 'egress'));
      return true;
    };
  }

  /** @throws Leak for a result with a secret in what would be shown or written */
  checkResult(
    { files, refused, findings }: CheckedResult,
    report: AgentReport,
    own: readonly string[],
  ): void {
    const look = (where: Incident['where'], text: string) => {
      const rule = this.#secretIn(text, own);
      if (rule !== undefined) throw this.#leak(rule, where);
    };
    for (const finding of findings) look('finding', textsIn(finding).join('\n'));
    for (const { tool, message } of report.toolErrors) look('tool', `${tool}\n${message}`);
    for (const said of [report.opinions, report.triage]) look('finding', textsIn(said).join('\n'));
    look('tool', textsIn(report.commands).join('\n'));
    for (const { name, version } of report.tools) look('tool', `${name}\n${version}`);
    for (const { path } of [...refused, ...files]) look('path', path);
    const suspects = files
      .map(({ before, after }) => ({ before: asText(before), after: asText(after) }))
      .filter(({ after }) => this.#secretIn(after, own) !== undefined);
    const added = new AddedLines();
    for (const { before, after } of suspects) look('patch', added.of(before, after));
  }

  /**
   * A look at all that a report says, where nothing of it is kept but words of programs: these may have what looks like
   * a secret and is none. @throws Leak for a planted word or a secret of the control plane
   */
  checkWords(report: AgentReport | null, own: readonly string[]): void {
    const text = textsIn(report).join('\n');
    const rule = this.#plantedIn(text) ?? (hasOwnSecret(text, own) ? 'own-secret' : undefined);
    if (rule !== undefined) throw this.#leak(rule, 'report');
  }

  #plantedIn(text: string): string | undefined {
    if (hasCanary(text, this.canary)) return 'canary';
    return hasCanary(text, this.modelKey) ? 'model-key' : undefined;
  }

  #secretIn(text: string, own: readonly string[]): string | undefined {
    return this.#plantedIn(text) ?? findSecret(text, { canary: null, own });
  }

  #leak(rule: string, where: Incident['where']): Leak {
    const incident = { rule, where, canaryDigest: digestOf(this.canary) };
    this.incident ??= incident;
    return new Leak(incident);
  }
}

/** Headers without the one place in which the key belongs: that of a request to a model. */
function withoutModelKey(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const [host = ''] = String(headers[':authority']).toLowerCase().split(':');
  if (!host.endsWith(routeSuffix)) return headers;
  const names: readonly string[] = keyHeaders;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** Every string in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Characters that are compared for one result, line by line, before and after together. */
const maxCompared = 4 * 1024 * 1024;

/**
 * What files gained, as far as that is cheap: to compare the lines of 48 MiB takes the control plane's whole
 * attention for seconds. Beyond, every line counts as added, and a secret that was there before as shown.
 */
class AddedLines {
  #left = maxCompared;

  of(before: string, after: string): string {
    this.#left -= before.length + after.length;
    return this.#left < 0 ? after : addedText(before, after);
  }
}

function asText(bytes: Uint8Array | null): string {
  return bytes === null ? '' : Buffer.from(bytes).toString('utf8');
}
