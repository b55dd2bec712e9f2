import { fullName, type World } from './world.ts';

/** The page of a pull request. */
export function renderPullPage(world: World, name: string, number: number): string {
  const pullRequest = world.pullRequest(world.repository(name), number);
  return `<!doctype html><title>${fullName(pullRequest.repo)}</title>`;
}
