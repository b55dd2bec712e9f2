import type { TaskId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { Withholder } from '../report/withhold.ts';
import { secretWords } from './secret-words.ts';

/** What the guard works with. */
export interface OutgoingParts {
  readonly ledger: Pick<Ledger, 'append'>;
  readonly log: Log;
  /** The control plane's own secrets, by value. */
  readonly own: readonly string[];
  /** Secrets of models and of other hosts. */
  readonly credentials?: Credentials;
}

type Where = 'check-run' | 'review' | 'comment' | 'pull-request' | 'commit';

/** Looks at what is about to be written to GitHub, and tells the ledger of what it finds. */
export class OutgoingGuard {
  readonly #parts: OutgoingParts;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  get own(): readonly string[] {
    return this.#parts.own;
  }

  /** What `look` makes of the request; an incident is told first. @throws SallyportError as the ledger does */
  async pass<T>(
    { repositoryId }: RepositoryRef,
    { where, taskId = null }: { readonly where: Where; readonly taskId?: TaskId | null },
    look: (withholder: Withholder) => T,
  ): Promise<T> {
    const withholder = new Withholder([...this.own, ...(await this.#readable())]);
    const shown = look(withholder);
    const { rule } = withholder;
    if (rule === undefined) return shown;
    const { ledger, log } = this.#parts;
    await ledger.append({ type: 'incident.raised', taskId, data: { rule, where, repositoryId } });
    log.error({ taskId, rule, where }, 'a secret on its way to GitHub');
    return shown;
  }

  /**
   * What can be read of the secrets of models. One that cannot holds nothing up here: a result was looked through
   * for all of them before it was kept, or was not kept, and a check has to be concluded.
   */
  async #readable(): Promise<readonly string[]> {
    const { credentials, log } = this.#parts;
    try {
      return credentials === undefined ? [] : await secretWords(credentials);
    } catch (error) {
      log.error({ err: error }, 'could not read the credentials, and did not look for them');
      return [];
    }
  }
}
