import type { LedgerEntry } from '../../src/domain/ledger-entry.ts';
import type { PullRequest } from '../support/github/records.ts';
import { isPullRequest } from '../support/github/world.ts';
import { waitFor } from '../support/wait-for.ts';
import { repo, type System } from './system.ts';

/** Below the time of a test. An agent is a program of 200 MB that starts slowly on a machine with much to do. */
const patienceMs = 280_000;

/** One issue of a system, as people and a test look at it. */
export class IssueScene {
  readonly system: System;
  readonly number: number;

  private constructor(system: System, number: number) {
    this.system = system;
    this.number = number;
  }

  /** Opens an issue as a stranger. */
  static async open(system: System, title: string, body: string): Promise<IssueScene> {
    return new IssueScene(system, await system.standIn.openIssue(repo, 'stranger', title, body));
  }

  async say(body: string, login = 'maintainer'): Promise<void> {
    await this.system.standIn.comment(repo, this.number, login, body);
  }

  /** Waits until the App's one comment says it. */
  told(words: string | RegExp): Promise<string> {
    const look = () => {
      const [comment] = this.system.standIn
        .issueComments(repo, this.number)
        .filter(({ author }) => author.type === 'Bot');
      const body = comment?.body ?? '';
      return body.search(words) === -1 ? undefined : body;
    };
    return waitFor(`an answer that says ${String(words)}`, look, patienceMs);
  }

  /** Names of the labels that are on it. */
  labels(): readonly string[] {
    return this.system.standIn.labelsOf(repo, this.number);
  }

  /** The pull requests of the repository. */
  pulls(): readonly PullRequest[] {
    const { issues } = this.system.standIn.world.repository(repo);
    return [...issues.values()].filter(isPullRequest);
  }

  /** What the ledger's rows of that type have, oldest first. */
  async rows(type: LedgerEntry['type']): Promise<readonly LedgerEntry['data'][]> {
    return (await this.system.rows()).filter((row) => row.type === type).map(({ data }) => data);
  }
}
