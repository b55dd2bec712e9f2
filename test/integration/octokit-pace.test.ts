import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { paceGitHub } from '../../src/dispatch/paced-github.ts';
import { SallyportError } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { GitHub } from '../../src/ports/github.ts';
import { temporaryFile } from '../contract/store-folder.ts';
import {
  type AdapterStage,
  endAdapterStage,
  makeAdapter,
  startAdapterStage,
} from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

const silent = (): undefined => undefined;
const log = { info: silent, warn: silent, error: silent };

let at: AdapterStage;

beforeEach(async () => {
  at = await startAdapterStage();
});

afterEach(() => endAdapterStage(at));

/** The clock of the stand-in, which whoever waits moves on. */
function stageClock(): Clock {
  const { clock } = at.stage;
  return {
    nowMs: () => clock.nowMs,
    after: async (ms) => {
      await Promise.resolve();
      clock.nowMs += ms;
    },
  };
}

/** The App as a process of its own, with the store in `file`. */
async function processOn(file: string): Promise<GitHub> {
  const clock = stageClock();
  const store = await openSqliteStore({ file, clock });
  onTestFinished(() => store.close());
  return paceGitHub(makeAdapter(at.stage), { pace: store.contentPace, clock, log });
}

/** Comments once; a job that came too early comes again when GitHub, or the pace, wants it. */
async function say({ conversations }: GitHub, body: string): Promise<number> {
  const place = { number: at.scene.number, threadId: null };
  for (let waits = 0; ; waits += 1) {
    try {
      await conversations.comment(at.repository, place, body);
      return waits;
    } catch (error) {
      if (!(error instanceof SallyportError) || error.retryAfterMs === null) throw error;
      at.stage.clock.nowMs += error.retryAfterMs;
    }
  }
}

const bodies = () =>
  at.stage.gitHub.issueComments(NAME, at.scene.number).map((comment) => comment.body);
const statuses = () =>
  at.stage.gitHub.requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/comments'))
    .map(({ status }) => status);

test('two processes together create 600 comments, and GitHub never has to refuse one', async () => {
  const file = temporaryFile();
  const [first, second] = [await processOn(file), await processOn(file)];
  const startedMs = at.stage.clock.nowMs;
  const wanted = Array.from({ length: 600 }, (_, index) => `comment ${index}`);
  for (const [index, body] of wanted.entries()) await say(index % 2 === 0 ? first : second, body);
  expect(bodies()).toEqual(wanted);
  expect(new Set(statuses())).toEqual(new Set([201]));
  // 450 an hour: the rest comes in the next one, and not later.
  const tookMs = at.stage.clock.nowMs - startedMs;
  expect(tookMs).toBeGreaterThan(3_600_000);
  expect(tookMs).toBeLessThan(2 * 3_600_000);
});

test('a limit that one process meets holds for the other, and nothing is dropped', async () => {
  const file = temporaryFile();
  const [first, second] = [await processOn(file), await processOn(file)];
  const headers = { 'retry-after': '900' };
  at.stage.gitHub.fault({
    method: 'POST',
    path: '/comments',
    when: 'before',
    status: 403,
    headers,
  });
  const startedMs = at.stage.clock.nowMs;
  expect(await say(first, 'one')).toBe(1);
  at.stage.clock.nowMs = startedMs;
  expect(await say(second, 'two')).toBe(1);
  expect(at.stage.clock.nowMs).toBe(startedMs + 900_000);
  expect(bodies()).toEqual(['one', 'two']);
  expect(statuses()).toEqual([403, 201, 201]);
});
