import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { announce } from '../../scripts/setup/announce.ts';
import { prepare } from '../../scripts/setup/prepare.ts';
import { appEnvironment } from '../support/app-environment.ts';
import { startApp } from '../support/app-process.ts';
import { startGitHubStandIn } from '../support/github/stand-in.ts';
import { readOptions } from './options.ts';
import { readLedger, readResult } from './read-result.ts';
import { Screen } from './screen.ts';
import { playStory } from './story.ts';

/** Exit code of a demo whose ledger did not verify or whose stand-in saw a request GitHub would refuse. */
const exitBroken = 1;

/**
 * The whole loop on one machine: a stand-in for GitHub, Redis, the App, a runner and real sandboxes.
 * With `--json` it prints one object and ends; on a terminal it stays, so that the page can be looked at.
 */
async function demo(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const beganMs = performance.now();
  const { engine, image } = await prepare();
  const setupMs = performance.now() - beganMs;
  const dataDir = await mkdtemp(join(tmpdir(), 'sallyport-demo-'));
  const standIn = await startGitHubStandIn({ dataDir: join(dataDir, 'github') });
  const env = appEnvironment(standIn, {
    dataDir: join(dataDir, 'sallyport'),
    engineSocket: engine.socketPath,
    workerImage: image.ref,
  });
  const app = await startApp(env);
  try {
    standIn.webhookUrl = `${app.url}/api/github/webhooks`;
    const screen = new Screen(options.json ? null : process.stdout);
    const story = await playStory(
      { standIn, dataDir: env['SALLYPORT_DATA'] ?? '' },
      screen,
      options.own,
    );
    const ledger = await readLedger(env, story.ledgerHead);
    const result = await readResult(standIn, story, ledger, { setupMs, beganMs });
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else screen.end(result, `${standIn.url}/${story.repo}/pull/${story.number}`);
    for (const violation of standIn.violations) announce(`violation: ${JSON.stringify(violation)}`);
    if (!options.json && process.stdin.isTTY && process.stdout.isTTY)
      await screen.untilInterrupted();
    return result.ledger.verified && standIn.violations.length === 0 ? 0 : exitBroken;
  } catch (error) {
    announce(`the App's last words:\n${app.lastLines.join('\n')}`);
    for (const violation of standIn.violations) announce(`violation: ${JSON.stringify(violation)}`);
    throw error;
  } finally {
    await app.stop();
    await standIn.close();
    await engine.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}

process.exitCode = await demo(process.argv.slice(2));
