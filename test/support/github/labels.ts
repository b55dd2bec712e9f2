import { type Scene, sendIssue, sendPullRequest } from './events.ts';
import type { Issue, Label, Repository } from './records.ts';
import { viewLabel } from './views/label.ts';
import { isPullRequest, type World } from './world.ts';

/** What GitHub gives a label that is made by being used. */
const defaultColor = 'ededed';

/** Makes a label, or returns the one of that name. */
export function addLabel(world: World, repo: Repository, name: string): Label {
  const known = repo.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const label = { id: world.nextId(), name, color: defaultColor };
  repo.labels.set(name.toLowerCase(), label);
  return label;
}

/** Puts labels on an issue or pull request; those that are missing in the repository are made, as on GitHub. */
export async function labelIssue(
  scene: Scene,
  issue: Issue,
  names: readonly string[],
): Promise<void> {
  const wanted = names.map((name) => addLabel(scene.world, issue.repo, name));
  const fresh = [...new Set(wanted)].filter((label) => !issue.labels.has(label));
  // All of them before the first webhook: what asked for them is answered meanwhile.
  for (const label of fresh) issue.labels.add(label);
  for (const label of fresh) await sendLabeled(scene, issue, label);
}

async function sendLabeled(scene: Scene, issue: Issue, label: Label): Promise<void> {
  const act = { action: 'labeled', label: viewLabel(scene.world, issue.repo, label) };
  if (isPullRequest(issue)) await sendPullRequest(scene, issue, act);
  else await sendIssue(scene, issue, act);
}
