import { z } from 'zod';
import type { DevToolsEvent, DevToolsPipe } from './devtools-pipe.ts';

const Target = z.object({ targetId: z.string() });
const Session = z.object({ sessionId: z.string() });
const Request = z.object({ request: z.object({ url: z.string() }) });
const LogEntry = z.object({ entry: z.object({ source: z.string(), text: z.string() }) });
const Evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.object({ text: z.string() }).optional(),
});
const Picture = z.object({ data: z.string() });

/** One page of a real browser, and what it did. */
export class BrowserPage {
  /** Every address that the page asked for, its own first, also when the policy stopped it. */
  readonly requests: string[] = [];
  /** What the browser refused for the page's Content-Security-Policy, in its words. */
  readonly refusals: string[] = [];
  readonly #devTools: DevToolsPipe;
  readonly #sessionId: string;
  readonly #loaded = Promise.withResolvers<void>();

  private constructor(devTools: DevToolsPipe, sessionId: string) {
    this.#devTools = devTools;
    this.#sessionId = sessionId;
    devTools.listen(sessionId, (event) => this.#record(event));
  }

  /** Called by `Browser.open`. */
  static async open(devTools: DevToolsPipe, address: string): Promise<BrowserPage> {
    const { targetId } = Target.parse(
      await devTools.call('Target.createTarget', { url: 'about:blank' }),
    );
    const { sessionId } = Session.parse(
      await devTools.call('Target.attachToTarget', { targetId, flatten: true }),
    );
    const page = new BrowserPage(devTools, sessionId);
    for (const domain of ['Page', 'Network', 'Log', 'Runtime'])
      await page.#call(`${domain}.enable`);
    await page.#call('Page.navigate', { url: address });
    await page.#loaded.promise;
    return page;
  }

  /** The value of a script expression in the page; the page's own policy does not bind it. */
  async evaluate(expression: string): Promise<unknown> {
    const wish = { expression, returnByValue: true, awaitPromise: true };
    const answer = Evaluated.parse(await this.#call('Runtime.evaluate', wish));
    if (answer.exceptionDetails) throw new Error(`${answer.exceptionDetails.text}: ${expression}`);
    return answer.result.value;
  }

  /** The text of every element that the selector finds, as a person would read it. */
  async texts(selector: string): Promise<string[]> {
    const all = `document.querySelectorAll(${JSON.stringify(selector)})`;
    return z.array(z.string()).parse(await this.evaluate(`[...${all}].map((e) => e.innerText)`));
  }

  /** The whole page as PNG. */
  async screenshot(): Promise<Buffer> {
    const wish = { format: 'png', captureBeyondViewport: true };
    return Buffer.from(
      Picture.parse(await this.#call('Page.captureScreenshot', wish)).data,
      'base64',
    );
  }

  #call(method: string, params?: unknown): Promise<unknown> {
    return this.#devTools.call(method, params, this.#sessionId);
  }

  #record({ method, params }: DevToolsEvent): void {
    if (method === 'Page.loadEventFired') this.#loaded.resolve();
    if (method === 'Network.requestWillBeSent') {
      this.requests.push(Request.parse(params).request.url);
    }
    if (method === 'Log.entryAdded') {
      const { source, text } = LogEntry.parse(params).entry;
      if (source === 'security') this.refusals.push(text);
    }
  }
}
