import type { FileDiff } from '../diff.ts';
import { pullCommits, pullFiles } from '../pull-diff.ts';
import type { Issue, PullRequest } from '../records.ts';
import { fullName, isPullRequest, type World } from '../world.ts';
import { viewCheckBadges, viewChecks } from './checks.ts';
import { viewConversation } from './conversation.ts';
import { viewDiff } from './diff-view.ts';
import { html, type SafeHtml } from './html.ts';
import { STYLE } from './style.ts';

/** A whole page around a body. */
export function pageOf(title: string, body: SafeHtml): string {
  // The style stands without line breaks around it: its digest is taken over exactly this text.
  return (
    html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>`.text +
    STYLE +
    html`</style></head><body>${body}</body></html>
`.text
  );
}

/** The page of an issue or a pull request: all that people and the App have written, and nothing to click. */
export async function issuePage(world: World, issue: Issue): Promise<string> {
  const heading = html`<p class="muted"><a href="/">All</a> / ${fullName(issue.repo)}</p><h1>${issue.title} <small>#${issue.number}</small></h1>`;
  const body = isPullRequest(issue) ? await pullBody(world, issue) : viewConversation(world, issue);
  return pageOf(
    `${issue.title} · ${fullName(issue.repo)} #${issue.number}`,
    html`${heading}${body}`,
  );
}

async function pullBody(world: World, pullRequest: PullRequest): Promise<SafeHtml> {
  const { pull, repo, author } = pullRequest;
  const commits = await pullCommits(pullRequest);
  const files = await pullFiles(pullRequest);
  const head =
    pull.headRepo === repo ? pull.headRef : `${pull.headRepo.owner.login}:${pull.headRef}`;
  const state = stateOf(pullRequest);
  const count = `${commits.length} commit${commits.length === 1 ? '' : 's'}`;
  const line = html`<p><span class="badge ${state.toLowerCase()}">${state}</span> <strong>${author.login}</strong> wants to merge ${count} into <code>${pull.baseRef}</code> from <code>${head}</code></p>`;
  const log = commits.map(
    (one) =>
      html`<li><code>${one.sha.slice(0, 7)}</code> ${one.message.split('\n')[0] ?? ''} <span class="muted">${one.author.name}</span></li>`,
  );
  const checks = viewChecks(
    world,
    pullRequest,
    commits.map((one) => one.sha),
  );
  return html`${line}${viewCheckBadges(world, pullRequest)}${viewConversation(world, pullRequest)}
<section><h2>Checks</h2>${checks}</section>
<section><h2>Commits</h2><ul class="commits">${log}</ul></section>
<section><h2>Files changed</h2>${files.map(viewFile)}</section>`;
}

function viewFile(file: FileDiff): SafeHtml {
  const { path, additions, deletions, patch } = file;
  return html`<details class="card"><summary class="path">${path} <span class="plus">+${additions}</span> <span class="minus">−${deletions}</span></summary>${viewDiff((patch ?? 'not shown').split('\n'))}</details>`;
}

function stateOf({ state, pull }: PullRequest): string {
  if (pull.mergedAt !== null) return 'Merged';
  if (state === 'closed') return 'Closed';
  return pull.draft ? 'Draft' : 'Open';
}
