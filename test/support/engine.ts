import { inject } from 'vitest';

/** The engine that system tests run against, made ready by `global-setup.ts`. */
export type TestEngine = {
  /** Absolute path of the Docker Engine's unix socket. */
  readonly socketPath: string;
  /** Id (`sha256:…`) of the worker image built from this working tree. */
  readonly workerImage: string;
  /** Runtime names that the engine knows, such as `runc` and `runsc`. */
  readonly runtimes: readonly string[];
};

/**
 * The engine of this test run. Only for tests in `test/{contract,integration,security,e2e}`.
 *
 * @throws Error elsewhere: unit tests run without an engine.
 */
export function testEngine(): TestEngine {
  const socketPath: string | undefined = inject('engineSocket');
  if (socketPath === undefined) {
    throw new Error('no engine: only system tests (not test/unit) have one');
  }
  return {
    socketPath,
    workerImage: inject('workerImage'),
    runtimes: inject('engineRuntimes'),
  };
}
