import type { Digest } from '../../../src/domain/ids.ts';
import { isSaidFixed } from '../../../src/report/inline/marker.ts';
import { PublishPlan } from '../../../src/report/inline/publish-plan.ts';
import { holdCheck, holdGenerous } from './held-check.ts';
import { HeldThreads } from './held-threads.ts';
import { hold } from './hold.ts';
import { KnownFaults } from './known-faults.ts';
import { PlayedLife, type PlayedShow } from './played-life.ts';
import { actOnce } from './played-people.ts';
import type { Disturbance } from './trap.ts';

/** A life of which every publishing is held to what people may expect. */
export class WatchedLife {
  readonly life: PlayedLife;
  readonly known = new KnownFaults();
  readonly #threads: HeldThreads;

  constructor(seed: number, isModel = false) {
    this.life = new PlayedLife(seed, isModel);
    this.#threads = new HeldThreads(this.life, this.known);
  }

  /** People do something, most often somebody pushes, and the head is reviewed. @throws Error for what does not hold */
  async turn(disturbance?: Disturbance): Promise<PlayedShow> {
    const { choices } = this.life;
    for (let left = choices.below(4); left > 0; left -= 1) await this.#act();
    if (choices.percent(85)) this.life.push();
    return this.#show(disturbance);
  }

  async #show(disturbance?: Disturbance): Promise<PlayedShow> {
    const { world, threads, isGenerous } = this.life;
    const ids = ['contributor', 'maintainer'].map((login) => world.person(login).id);
    this.known.look(threads, new Set(ids));
    this.#threads.look();
    const show = await this.life.show(disturbance);
    const plan = await this.#planOf(show);
    this.known.see(show, plan.ids, this.life.isModel ? this.life.branch : undefined);
    this.#threads.hold(show);
    this.#holdTaken(show);
    holdCheck(this, show, plan);
    if (isGenerous) holdGenerous(this, show);
    return show;
  }

  /** How often what happened, over the whole life. */
  tally(): ReadonlyMap<string, number> {
    const faults = [...this.known.byToken.values()].filter(({ isMurky }) => !isMurky);
    const { threads } = this.life;
    const count = <T>(items: readonly T[], is: (one: T) => boolean) => items.filter(is).length;
    const said = faults.filter(({ comments }) => comments > 0);
    return new Map([
      ['commented', said.length],
      ['never commented', faults.length - said.length],
      ['open', count(said, ({ fate }) => fate === 'open')],
      ['fixed', count(said, ({ fate }) => fate === 'fixed')],
      ['dismissed', count(said, ({ fate }) => fate === 'dismissed')],
      ['waived', count(said, ({ isWaived }) => isWaived)],
      ['back again', count(said, ({ returns }) => returns > 0)],
      ['moved', count(said, ({ firstPath, places }) => firstPath !== places[0]?.path)],
      ['on files', count(threads, ({ line }) => line === null)],
      ['resolved by us', count(threads, ({ body, isResolved }) => isResolved && isSaidFixed(body))],
      ['hidden', count(threads, ({ minimisedAs }) => minimisedAs === 'outdated')],
      ['folded', count(threads, ({ minimisedAs }) => minimisedAs === 'resolved')],
      ['answered', count(threads, ({ isAnswered }) => isAnswered)],
      ['about no finding', this.#threads.others.size],
    ]);
  }

  async #act(): Promise<void> {
    const act = await actOnce(this.life);
    if (act === undefined) return;
    this.known.note(act);
    this.#threads.note(act);
  }

  async #planOf({ taskId }: PlayedShow): Promise<PublishPlan> {
    const { steps, artifacts } = this.life.world.store;
    const bytes = await artifacts.get((await steps.find(taskId, 'plan')) as Digest);
    return PublishPlan.parse(JSON.parse(Buffer.from(bytes).toString()));
  }

  /** GitHub took everything: no anchor was wrong. */
  #holdTaken({ taskId }: PlayedShow): void {
    const { entries } = this.life.world.ledger;
    const mine = entries.filter((one) => one.taskId === taskId && one.type === 'report.published');
    hold(mine.length > 0, 'nothing was published');
    for (const { data } of mine) {
      const words = JSON.stringify(data);
      hold(!words.includes('"refused"'), `refused by GitHub: ${words}`);
    }
  }
}
