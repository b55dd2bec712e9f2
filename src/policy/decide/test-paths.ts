import type { EffectiveTask } from '../effective-policy.ts';
import type { Effort } from '../effort.ts';
import { GlobList } from '../glob-list.ts';

/** Where tests stand by the habits of most languages, for tasks whose policy does not say `patch.paths`. */
const customary = [
  '**/{test,tests,__tests__,spec,specs,e2e}/**',
  '**/*.{test,spec}.*',
  '**/*{_test,_spec}.*',
  '**/test_*.py',
  '**/conftest.py',
  '**/*{Test,Tests,Spec}.{java,kt,scala,groovy,cs,php,swift}',
];

/** Which files are tests: those that a task which writes tests may change. */
export class TestPaths {
  readonly #lists: readonly GlobList[];

  constructor({ patch: { paths } }: Pick<EffectiveTask, 'patch'>) {
    const lists = paths.length === 0 ? [customary] : paths;
    this.#lists = lists.map((globs) => new GlobList(globs));
  }

  /** What the effort does not suffice to tell of is no test. */
  takes(path: string, effort: Effort): boolean {
    return this.#lists.every((list) => list.takes(path, effort) === true);
  }
}
