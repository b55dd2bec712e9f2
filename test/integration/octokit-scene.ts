import { expect } from 'vitest';
import { OctokitGitHub } from '../../src/adapters/octokit/octokit-github.ts';
import { CommitSha } from '../../src/domain/ids.ts';
import type { RepositoryRef } from '../../src/domain/repository.ts';
import type { StandInOptions } from '../support/github/stand-in-options.ts';
import { testGitHub } from '../support/test-github.ts';
import { NAME, type Scene, Stage } from './stand-in-scene.ts';

const silent = (): undefined => undefined;

/** A stand-in with one open pull request, and the real adapter as the App installed there. */
export interface AdapterStage {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly gitHub: OctokitGitHub;
  readonly repository: RepositoryRef;
  readonly headSha: CommitSha;
}

/** Starts a stand-in and the adapter; the GitHub that the project names, unless told. */
export async function startAdapterStage(
  options: StandInOptions = testGitHub(),
): Promise<AdapterStage> {
  const stage = await Stage.start(options);
  const scene = await stage.openPull();
  const { id: repositoryId } = stage.gitHub.world.repository(NAME);
  const { installationId } = scene;
  const repository = { installationId, repositoryId, owner: 'acme', name: 'widget' };
  const headSha = CommitSha.parse(scene.headSha);
  return { stage, scene, gitHub: makeAdapter(stage), repository, headSha };
}

/** Ends the stand-in: nothing went against GitHub's description, and every fault that was planned came. */
export async function endAdapterStage({ stage: { gitHub } }: AdapterStage): Promise<void> {
  await gitHub.settled();
  const { violations, unmetFaults } = gitHub;
  await gitHub.close();
  expect({ violations, unmetFaults }).toEqual({ violations: [], unmetFaults: 0 });
}

/** Another process of the same App: it knows nothing that the first one kept in memory. */
export function makeAdapter(stage: Stage): OctokitGitHub {
  return new OctokitGitHub({
    appId: stage.gitHub.world.app.id,
    privateKey: stage.gitHub.appPrivateKey,
    apiUrl: stage.gitHub.apiUrl,
    clock: { nowMs: () => stage.clock.nowMs },
    log: { info: silent, warn: silent, error: silent },
    paced: false,
    retryUnitMs: 1,
  });
}
