import type { BranchSource } from '../support/github/branch-source.ts';
import type { CheckRun } from '../support/github/records.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System } from './system.ts';

/** Below the time of a test. An agent is a program of 200 MB that starts slowly on a machine with much to do. */
const patienceMs = 280_000;

/** One pull request of a system, as people and a test look at it. */
export class PullScene {
  readonly system: System;
  readonly number: number;
  headSha: string;

  private constructor(system: System, number: number, headSha: string) {
    this.system = system;
    this.number = number;
    this.headSha = headSha;
  }

  /** Pushes a branch and opens its pull request, whose title is what scripts know it by. */
  static async open(
    system: System,
    title: string,
    source: BranchSource,
    { draft = false } = {},
  ): Promise<PullScene> {
    const { standIn } = system;
    const author = 'contributor';
    const head = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
    await standIn.pushBranch(repo, head, source, author);
    const pull = await standIn.openPullRequest({ repo, author, head, title, draft });
    return new PullScene(system, pull.number, pull.pull.headSha);
  }

  async push(source: BranchSource): Promise<void> {
    this.headSha = await this.system.standIn.pushToPullRequest(repo, this.number, source);
  }

  async say(body: string, login = 'maintainer'): Promise<void> {
    await this.system.standIn.comment(repo, this.number, login, body);
  }

  /** The check of that name on the head, once it is completed and all that goes with it is posted. */
  concluded(name = 'sallyport'): Promise<CheckRun> {
    return this.system.concluded(this.headSha, name, patienceMs);
  }

  /** The newest check of that name on the head, once it stands so. */
  check(name: string, conclusion: string): Promise<CheckRun> {
    const look = () => {
      const newest = this.system.checks(this.headSha, name).at(-1);
      return newest?.conclusion === conclusion ? newest : undefined;
    };
    return waitFor(`${name}: ${conclusion}`, look, patienceMs);
  }

  /** The check that something brings about besides those that are there, once it is completed. */
  async checkAfter(name: string, act: () => Promise<unknown>): Promise<CheckRun> {
    const before = this.system.checks(this.headSha, name).length;
    await act();
    const look = () => {
      const runs = this.system.checks(this.headSha, name);
      const newest = runs.at(-1);
      return runs.length > before && newest?.status === 'completed' ? newest : undefined;
    };
    return waitFor(`another check ${name}`, look, patienceMs);
  }

  /** Waits for a commit on top of the head, which is the head from then on. */
  async committed(): Promise<string> {
    const look = () => {
      const now = this.system.standIn.pullRequest(repo, this.number).pull.headSha;
      return now === this.headSha ? undefined : now;
    };
    this.headSha = await waitFor('the commit', look, patienceMs);
    return this.headSha;
  }

  /** Waits until the App's comment says it. */
  told(words: string): Promise<string> {
    const look = () =>
      this.system.standIn
        .issueComments(repo, this.number)
        .filter(({ author }) => author.type === 'Bot')
        .map(({ body }) => body)
        .find((body) => body.includes(words));
    return waitFor(`an answer that says ${words}`, look, patienceMs);
  }

  /** What the App said on lines of the diff, oldest first. */
  ownRemarks(): ReturnType<System['standIn']['reviewComments']> {
    return this.system.standIn
      .reviewComments(repo, this.number)
      .filter(({ author }) => author.type === 'Bot');
  }
}

/** All that a check says in words. */
export function textOf({ output }: CheckRun): string {
  return [output.title, output.summary, output.text].filter((text) => text !== null).join('\n');
}
