import { describe, expect, it } from 'vitest';
import { catchUpDeliveries } from '../../../src/dispatch/catch-up-deliveries.ts';
import type { HookDelivery } from '../../../src/ports/hook-deliveries.ts';
import { World } from '../../support/fakes/world.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** GitHub's list of what it tried to deliver. */
class Scene {
  readonly world = new World();
  #lastId = 0;

  /** An attempt of `agoMs` ago; failed unless told. */
  attempt(guid: string, agoMs: number, change: Partial<HookDelivery> = {}): void {
    this.#lastId += 1;
    const { clock, github } = this.world;
    const atMs = clock.nowMs() - agoMs;
    const event = { event: 'pull_request', action: 'opened' };
    const how = { isTaken: false, isRedelivery: false };
    github.deliveries.push({ id: this.#lastId, guid, atMs, ...event, ...how, ...change });
    github.deliveries.sort((a, b) => a.atMs - b.atMs);
  }

  /** Looks, and says what GitHub was asked to send again. */
  async look(): Promise<readonly string[]> {
    const { askedAgain } = this.world.github;
    askedAgain.length = 0;
    await catchUpDeliveries(this.world.context);
    return [...askedAgain];
  }
}

describe('a delivery that failed', () => {
  it('is asked for again, the oldest first, and the ledger says so', async () => {
    const scene = new Scene();
    scene.attempt('second', minuteMs);
    scene.attempt('first', hourMs);
    scene.attempt('fine', minuteMs, { isTaken: true });
    expect(await scene.look()).toEqual(['first', 'second']);
    expect(scene.world.ledger.entries.map(({ type, data }) => [type, data['deliveryId']])).toEqual([
      ['delivery.asked-again', 'first'],
      ['delivery.asked-again', 'second'],
    ]);
  });

  it('is not asked for when an attempt came through, or the queue has it all the same', async () => {
    const scene = new Scene();
    scene.attempt('later', hourMs);
    scene.attempt('later', minuteMs, { isTaken: true, isRedelivery: true });
    scene.attempt('queued', minuteMs);
    await scene.world.deliveries.add('queued', scene.world.pullRequest('opened'));
    expect(await scene.look()).toEqual([]);
  });

  it('is asked for again when that failed too, but not for ever', async () => {
    const scene = new Scene();
    for (let times = 1; times < 5; times += 1) {
      scene.attempt('stubborn', 0, { isRedelivery: times > 1 });
      expect(await scene.look()).toEqual(['stubborn']);
      await scene.world.clock.advance(minuteMs);
    }
    scene.attempt('stubborn', 0, { isRedelivery: true });
    expect(await scene.look()).toEqual([]);
  });

  it('is past help after three days', async () => {
    const scene = new Scene();
    scene.attempt('old', 71 * hourMs);
    scene.attempt('young', 69 * hourMs);
    expect(await scene.look()).toEqual(['young']);
  });

  it.each(['not a guid', 'a/b', ''])('with an id that names no job is left: %j', async (guid) => {
    const scene = new Scene();
    scene.attempt(guid, minuteMs);
    expect(await scene.look()).toEqual([]);
  });
});

describe('a delivery that GitHub calls taken and the queue does not know', () => {
  it.each([
    ['pull_request', 'synchronize', true],
    ['merge_group', 'checks_requested', true],
    ['installation', 'suspend', true],
    ['pull_request', 'labeled', false],
    ['pull_request', null, false],
    ['issue_comment', 'created', false],
    ['constructor', 'name', false],
  ])('%s %s: asked for once: %j', async (event, action, isAsked) => {
    const scene = new Scene();
    await scene.look();
    await scene.world.clock.advance(minuteMs);
    scene.attempt('lost', 0, { event, action, isTaken: true });
    expect(await scene.look()).toEqual(isAsked ? ['lost'] : []);
    scene.attempt('lost', 0, { event, action, isTaken: true, isRedelivery: true });
    expect(await scene.look()).toEqual([]);
  });

  it('is of before our time when nothing was ever looked at: it is not done again', async () => {
    const scene = new Scene();
    scene.attempt('of-another-life', hourMs, { isTaken: true });
    expect(await scene.look()).toEqual([]);
  });
});

describe('how far is looked', () => {
  it('is to where the last look ended, and a little before', async () => {
    const scene = new Scene();
    await scene.look();
    await scene.world.clock.advance(hourMs);
    scene.attempt('just-before', hourMs + 14 * minuteMs);
    scene.attempt('long-before', hourMs + 16 * minuteMs);
    expect(await scene.look()).toEqual(['just-before']);
  });

  it('is over pages, and no further than to the first that is old enough', async () => {
    const scene = new Scene();
    scene.world.github.deliveriesPerPage = 2;
    for (let index = 0; index < 5; index += 1)
      scene.attempt(`guid-${index}`, (6 - index) * minuteMs);
    for (let index = 0; index < 4; index += 1) scene.attempt(`old-${index}`, 80 * hourMs);
    expect(await scene.look()).toHaveLength(5);
    expect(scene.world.github.faults.count('hookDeliveries.list')).toBe(3);
  });

  it('has an end: twenty pages', async () => {
    const scene = new Scene();
    scene.world.github.deliveriesPerPage = 1;
    for (let index = 0; index < 25; index += 1)
      scene.attempt(`guid-${index}`, index, { isTaken: true });
    await scene.look();
    expect(scene.world.github.faults.count('hookDeliveries.list')).toBe(20);
  });

  it('goes on in later looks with what was too old for this one, and then is done', async () => {
    const scene = new Scene();
    scene.world.github.deliveriesPerPage = 1;
    for (let index = 0; index < 50; index += 1)
      scene.attempt(`guid-${index}`, (50 - index) * minuteMs);
    const guids = async (): Promise<string[]> => {
      const asked = await scene.look();
      for (const guid of asked)
        await scene.world.deliveries.add(guid, scene.world.pullRequest('opened'));
      return asked.toSorted();
    };
    const range = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `guid-${from + index}`).toSorted();
    expect(await guids()).toEqual(range(30, 50));
    expect(await guids()).toEqual(range(10, 30));
    expect(await guids()).toEqual(range(0, 10));
    await scene.world.clock.advance(hourMs);
    expect(await guids()).toEqual([]);
    scene.world.github.faults.calls.length = 0;
    expect(await guids()).toEqual([]);
    expect(scene.world.github.faults.count('hookDeliveries.list')).toBe(1);
  });

  it('keeps its place where a hundred were asked for, and where a redelivery failed', async () => {
    const scene = new Scene();
    scene.world.github.deliveriesPerPage = 60;
    for (let index = 0; index < 1_400; index += 1)
      scene.attempt(`guid-${index}`, (1_400 - index) * 1_000, {
        event: 'issue_comment',
        isTaken: index >= 200,
      });
    expect(await scene.look()).toEqual([]);
    const { faults } = scene.world.github;
    faults.plan({ method: 'hookDeliveries.redeliver', nth: 3, when: 'before' });
    await expect(scene.look()).rejects.toThrow('planned');
    const asked: string[] = [];
    for (let look = 0; look < 4; look += 1) asked.push(...(await scene.look()));
    expect(new Set(asked).size).toBe(200);
  });

  it('leaves a place that is past help', async () => {
    const scene = new Scene();
    scene.world.github.deliveriesPerPage = 1;
    for (let index = 0; index < 30; index += 1) scene.attempt(`guid-${index}`, hourMs);
    await scene.look();
    await scene.world.clock.advance(80 * hourMs);
    scene.world.github.faults.calls.length = 0;
    expect(await scene.look()).toEqual([]);
    expect(scene.world.github.faults.count('hookDeliveries.list')).toBe(1);
  });

  it('goes on in the next look where a hundred were asked for', async () => {
    const scene = new Scene();
    for (let index = 0; index < 130; index += 1) {
      scene.attempt(`guid-${index}`, (200 - index) * minuteMs);
    }
    const first = await scene.look();
    expect(first).toHaveLength(100);
    for (const guid of first)
      await scene.world.deliveries.add(guid, scene.world.pullRequest('opened'));
    expect(await scene.look()).toEqual(
      Array.from({ length: 30 }, (_, index) => `guid-${index + 100}`),
    );
  });

  it('is not moved on by a look that failed', async () => {
    const scene = new Scene();
    await scene.look();
    await scene.world.clock.advance(hourMs);
    scene.attempt('waits', 50 * minuteMs);
    scene.world.github.faults.plan({ method: 'hookDeliveries.redeliver', nth: 1, when: 'before' });
    await expect(scene.look()).rejects.toThrow('planned');
    expect(await scene.look()).toEqual(['waits']);
  });
});
