import fc from 'fast-check';
import type { LivingApp } from './living-app.ts';

const people = fc.constantFrom('maintainer', 'contributor', 'reader');
const index = fc.nat({ max: 30 });
const queue = fc.constantFrom('deliveries' as const, 'tasks' as const, 'publish' as const);
const policies = fc.constantFrom('plain' as const, 'more' as const, 'wrong' as const);
const words = fc.constantFrom(
  '/sallyport review',
  '/sallyport fix',
  '/sallyport fix',
  '/sallyport approve',
  '/sallyport reject',
  '/sallyport cancel',
  '/sallyport retry',
  '/sallyport status',
  '/sallyport pause',
  '/sallyport resume',
  '/sallyport run lint',
);

/** What can happen, to GitHub, on the way, and to the App. */
export const act = fc.oneof(
  { weight: 14, arbitrary: fc.record({ do: fc.constant('work' as const), queue, index }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('work-again' as const), queue, index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('work-twice' as const), queue }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      nth: fc.integer({ min: 1, max: 25 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('push' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('force-push' as const), index }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const), login: people, words }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('click' as const), login: people, index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rerun' as const), login: people, index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rerun-all' as const), login: people }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retarget' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsuspend' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('uninstall' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('queue' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('draft' as const), isDraft: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const), which: policies }) },
);
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const work = (name: 'deliveries' | 'tasks' | 'publish') =>
  ({ do: 'work', queue: name, index: 0 }) as const;

/** A fix from its command to its commit; chance alone seldom gets that far. */
export const applied: readonly Act[] = [
  { do: 'say', login: 'contributor', words: '/sallyport fix' },
  { do: 'deliver', index: 0 },
  work('deliveries'),
  work('tasks'),
  work('tasks'),
  work('publish'),
  work('publish'),
  { do: 'click', login: 'maintainer', index: 0 },
  { do: 'deliver', index: 0 },
  work('deliveries'),
  work('publish'),
];

/** Does one of them. */
export async function play(app: LivingApp, one: Act): Promise<void> {
  switch (one.do) {
    case 'work':
      return app.work(one.queue, one.index);
    case 'deliver':
      return app.deliver(one.index, true);
    case 'lose':
      return app.deliver(one.index, false);
    case 'work-again':
      return app.workAgain(one.queue, one.index);
    case 'work-twice':
      return app.workTwice(one.queue);
    case 'die':
      return app.fuse.set(one.nth, one.when);
    case 'look':
      return app.look();
    case 'policy':
      return app.setPolicy(one.which);
    default:
      onGitHub(app.gitHub, one);
  }
}

type PeoplesAct = Exclude<
  Act,
  { do: 'work' | 'deliver' | 'lose' | 'work-again' | 'work-twice' | 'die' | 'look' | 'policy' }
>;

function onGitHub(gitHub: LivingApp['gitHub'], one: PeoplesAct): void {
  switch (one.do) {
    case 'push':
      gitHub.push();
      break;
    case 'force-push':
      gitHub.forcePush(one.index);
      break;
    case 'say':
      gitHub.comment(one.login, one.words);
      break;
    case 'click':
      gitHub.click(one.login, one.index);
      break;
    case 'rerun':
      gitHub.rerun(one.login, one.index);
      break;
    case 'rerun-all':
      gitHub.rerunAll(one.login);
      break;
    case 'close':
      gitHub.close(true);
      break;
    case 'reopen':
      gitHub.close(false);
      break;
    case 'retarget':
      gitHub.retarget();
      break;
    case 'rename':
      gitHub.rename();
      break;
    case 'suspend':
      gitHub.suspend(true);
      break;
    case 'unsuspend':
      gitHub.suspend(false);
      break;
    case 'uninstall':
      gitHub.uninstall();
      break;
    case 'queue':
      gitHub.queue();
      break;
    case 'draft':
      gitHub.draft(one.isDraft);
      break;
  }
}
