import type { RepositoryRef } from '../../../src/domain/repository.ts';
import type { Reach } from '../../../src/ports/reach.ts';
import type { Faults } from './faults.ts';

const perPage = 100;

/** What the App is installed on; public, for tests to arrange. */
export class FakeReach implements Reach {
  readonly byInstallation = new Map<number, readonly RepositoryRef[]>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  installations(): Promise<readonly number[]> {
    return this.#faults.around('reach.installations', () =>
      [...this.byInstallation.keys()].sort((a, b) => a - b),
    );
  }

  repositories(installationId: number, page: number): ReturnType<Reach['repositories']> {
    return this.#faults.around('reach.repositories', () => {
      const all = this.byInstallation.get(installationId) ?? [];
      const repositories = all.slice((page - 1) * perPage, page * perPage);
      return { repositories, hasMore: all.length > page * perPage };
    });
  }
}
