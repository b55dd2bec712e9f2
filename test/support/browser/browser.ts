import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { findProgram } from '../../../scripts/setup/system-packages.ts';
import { DevToolsPipe } from './devtools-pipe.ts';
import { BrowserPage } from './page.ts';

/** Headless, quiet, and with no way off this machine: no proxy, and no name resolves. */
const FLAGS = [
  '--headless',
  // Root in a container has no user namespaces to build Chromium's sandbox from; the pages are ours.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--window-size=1100,1400',
  '--remote-debugging-pipe',
];

/** A real Chromium with a profile of its own, which goes with it. */
export class Browser {
  readonly #child: ChildProcess;
  readonly #devTools: DevToolsPipe;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    // Chromium reads commands from its descriptor 3 and writes to its descriptor 4.
    const [, , , out, input] = child.stdio;
    this.#devTools = new DevToolsPipe(out as Writable, input as Readable);
  }

  /** @throws Error when there is no Chromium, or when it does not start */
  static async start(): Promise<Browser> {
    const program = findProgram('chromium');
    if (program === undefined) throw new Error('no chromium (Debian package chromium)');
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-browser-'));
    const child = spawn(program, [...FLAGS, `--user-data-dir=${join(folder, 'profile')}`], {
      // Its own home and temporary folder: it writes to both, whatever the profile.
      env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const browser = new Browser(child, folder);
    await browser.#devTools.call('Browser.getVersion');
    return browser;
  }

  /** Opens an address in a new page and waits until it has loaded, with everything that it loads. */
  async open(address: string): Promise<BrowserPage> {
    return BrowserPage.open(this.#devTools, address);
  }

  /** Ends the browser with all its processes and removes what it wrote. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    await this.#devTools.call('Browser.close');
    await ended;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
