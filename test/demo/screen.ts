import type { CheckRun } from '../support/github/records.ts';
import type { DemoResult } from './read-result.ts';
import type { Inspected } from './watch-sandbox.ts';
import { visible, wrapText } from './wrap-text.ts';

/** Most annotations shown of one check: the page has them all. */
const shownAnnotations = 8;
/** Columns where nobody says how many there are. */
const defaultColumns = 100;

/** What a person sees of the demo; nothing when there is nobody to see it. */
export class Screen {
  readonly #out: NodeJS.WriteStream | null;
  #steps = 0;

  constructor(out: NodeJS.WriteStream | null) {
    this.#out = out;
  }

  /** Opens a step: who does what, and what that is to show. */
  step(title: string, shows: string): void {
    this.#steps += 1;
    this.#out?.write('\n');
    this.#line(`${this.#steps}. ${title}`, '1');
    this.#line(`   ${shows}`, '2');
  }

  say(text: string): void {
    this.#line(`   ${text}`);
  }

  check(run: CheckRun): void {
    this.say(`check "${run.name}": ${run.conclusion}. ${run.output.title ?? ''}`);
  }

  annotations({ annotations }: CheckRun): void {
    for (const note of annotations.slice(0, shownAnnotations)) {
      const message = note.message.split('\n')[0] ?? '';
      this.say(`  ${note.annotation_level.padEnd(7)} ${note.path}:${note.start_line} ${message}`);
    }
    const rest = annotations.length - shownAnnotations;
    if (rest > 0) this.say(`  and ${rest} more`);
  }

  /** As the engine described the container while it ran. */
  sandbox({ Config, HostConfig, Mounts }: Inspected): void {
    const foreign = Mounts.filter(({ Type }) => Type !== 'tmpfs').length;
    const root = HostConfig.ReadonlyRootfs ? 'read-only' : 'WRITABLE';
    this.say(
      `its sandbox, as the engine described it: network "${HostConfig.NetworkMode}"; mounts of the host: ` +
        `${foreign + (HostConfig.Binds?.length ?? 0)}; root file system ${root}; runtime ${HostConfig.Runtime}; ` +
        `at most ${Math.round(HostConfig.Memory / 2 ** 20)} MiB and ${HostConfig.PidsLimit} processes`,
    );
    this.say(`everything in its environment: ${Config.Env.join(' ')}`);
  }

  end({ ledger, ms, agent }: DemoResult, page: string): void {
    this.step(
      'The ledger',
      'Every event above is a row in a hash chain; its head stands on the check run.',
    );
    const verdict = ledger.verified ? 'verified' : 'NOT VERIFIED';
    this.say(`${ledger.events} events, ${verdict} against the head on the check run`);
    this.say(
      `webhook answered in ${ms.webhookAck} ms; from planned to running ${seconds(ms.queuedToRunning)}; ` +
        `in the sandbox ${seconds(ms.running)}; set-up ${seconds(ms.setup)}; all ${seconds(ms.total)}`,
    );
    if (agent !== undefined)
      this.say(
        `${agent.name} asked ${agent.model}${agent.isScripted ? ', played by a script,' : ''} ` +
          `${agent.requests} times through the broker: ${agent.tokens} tokens, which cost ` +
          `$${(agent.costMicroUsd / 1_000_000).toFixed(4)} by list prices; the key stayed outside`,
      );
    this.step('The pull request', 'The page shows checks, suggestions, comments and commits.');
    this.say(page);
  }

  #line(text: string, style?: '1' | '2'): void {
    const width = this.#out?.columns ?? defaultColumns;
    for (const line of wrapText(visible(text), width)) {
      this.#out?.write(`${style === undefined ? line : this.#styled(line, style)}\n`);
    }
  }

  /** SGR 1 is bold, 2 faint; 22 ends both. Plain where nothing draws it (and see no-color.org). */
  #styled(text: string, style: '1' | '2'): string {
    const isPlain = this.#out?.isTTY !== true || (process.env['NO_COLOR'] ?? '') !== '';
    return isPlain ? text : `\u001b[${style}m${text}\u001b[22m`;
  }
}

/** With a no-break space: a unit stays with its number. */
function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)}\u00A0s`;
}
