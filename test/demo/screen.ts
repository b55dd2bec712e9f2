import { once } from 'node:events';
import type { CheckRun } from '../support/github/records.ts';
import type { DemoResult } from './read-result.ts';

/** Most annotations shown of one check. */
const shownAnnotations = 12;

/** What a person sees of the demo; nothing when there is nobody to see it. */
export class Screen {
  readonly #out: NodeJS.WriteStream | null;
  #steps = 0;

  constructor(out: NodeJS.WriteStream | null) {
    this.#out = out;
  }

  step(title: string): void {
    this.#steps += 1;
    this.#write(`\n${this.#bold(`${this.#steps}. ${title}`)}\n`);
  }

  say(text: string): void {
    this.#write(`   ${text}\n`);
  }

  check(run: CheckRun, suggestions: number): void {
    this.say(`check ${this.#bold(run.name)}: ${run.conclusion} · ${run.output.title ?? ''}`);
    for (const note of run.annotations.slice(0, shownAnnotations)) {
      const message = note.message.split('\n')[0] ?? '';
      this.say(`  ${note.annotation_level.padEnd(7)} ${note.path}:${note.start_line} ${message}`);
    }
    const rest = run.annotations.length - shownAnnotations;
    if (rest > 0) this.say(`  … and ${rest} more`);
    if (suggestions > 0)
      this.say(`review with ${suggestions} suggested changes on lines of the diff`);
    for (const action of run.actions) this.say(`button [${action.label}] ${action.description}`);
  }

  end(result: DemoResult, page: string): void {
    const { events, verified } = result.ledger;
    this.step('The ledger');
    this.say(
      `${events} events, ${verified ? 'verified' : 'NOT VERIFIED'} against the head on the check run`,
    );
    this.say(
      `webhook answered in ${result.ms.webhookAck} ms; queued to running ${result.ms.queuedToRunning} ms;`,
    );
    this.say(
      `sandbox ${result.ms.running} ms; set-up ${result.ms.setup} ms; all ${result.ms.total} ms`,
    );
    this.step('The pull request');
    this.say(page);
  }

  /** Resolves when the person presses Ctrl-C. */
  async untilInterrupted(): Promise<void> {
    this.say('Open the page; press Ctrl-C to end the demo and remove everything it made.');
    const keepAlive = setInterval(() => undefined, 2 ** 30);
    await once(process, 'SIGINT');
    clearInterval(keepAlive);
  }

  #bold(text: string): string {
    return this.#out?.isTTY === true ? `\u001b[1m${text}\u001b[22m` : text;
  }

  #write(text: string): void {
    this.#out?.write(text);
  }
}
