import { textOf } from '../json.ts';
import type { Annotation, CheckRun, PullRequest } from '../records.ts';
import { viewAppById } from '../views/account.ts';
import type { World } from '../world.ts';
import { html, type SafeHtml } from './html.ts';
import { markdown } from './markdown.ts';
import { whenOf } from './when.ts';

/** One badge a check of the head commit, the newest of each name, leading to what it says. */
export function viewCheckBadges(world: World, pullRequest: PullRequest): SafeHtml {
  const runs = runsOf(world, pullRequest, pullRequest.pull.headSha);
  const newest = new Map(runs.map((run) => [run.name, run]));
  const badges = [...newest.values()].map(
    (run) => html`<a href="#check-${run.id}">${badge(run)} ${run.name}</a> `,
  );
  return badges.length === 0 ? html`` : html`<p class="checks">${badges}</p>`;
}

/** Every check run of the pull request, the head commit's first and the newest first, with all they say. */
export function viewChecks(world: World, pullRequest: PullRequest, shas: readonly string[]) {
  const commits = [pullRequest.pull.headSha, ...shas.toReversed()];
  const views = [...new Set(commits)].flatMap((sha) => {
    const runs = runsOf(world, pullRequest, sha).toReversed();
    if (runs.length === 0) return [];
    const isHead = sha === pullRequest.pull.headSha;
    const commit = html`<p class="muted">on <code>${sha.slice(0, 7)}</code>${isHead ? '' : ', not the head any more'}</p>`;
    return [commit, ...runs.map((run) => viewRun(world, run))];
  });
  return views.length === 0 ? [html`<p class="muted">No checks.</p>`] : views;
}

function runsOf(world: World, { repo }: PullRequest, sha: string): CheckRun[] {
  return [...world.checkRuns.values()].filter(
    ({ suite }) => suite.repo === repo && suite.headSha === sha,
  );
}

function badge(run: CheckRun): SafeHtml {
  const state = run.conclusion ?? run.status;
  return html`<span class="badge ${state}">${state.replaceAll('_', ' ')}</span>`;
}

function viewRun(world: World, run: CheckRun): SafeHtml {
  const app = textOf(viewAppById(world, run.suite.appId)['slug']);
  const { title, summary, text } = run.output;
  return html`<article class="card" id="check-${run.id}">
<header>${badge(run)}<h3>${run.name}</h3><span class="muted">${app} · ${whenOf(run.completedAt ?? run.startedAt)}</span></header>
<div class="body">${viewActions(run)}${title === null ? html`` : html`<p><strong>${title}</strong></p>`}
${markdown(summary ?? '')}${markdown(text ?? '')}${viewAnnotations(run.annotations)}</div></article>`;
}

/** The buttons, for show: the stand-in's own API clicks them. GitHub shows them on completed runs only. */
function viewActions(run: CheckRun): SafeHtml {
  if (run.status !== 'completed' || run.actions.length === 0) return html``;
  const buttons = run.actions.map(
    ({ label, description }) => html`<span class="button" title="${description}">${label}</span> `,
  );
  return html`<p>${buttons}</p>`;
}

function viewAnnotations(annotations: readonly Annotation[]): SafeHtml {
  if (annotations.length === 0) return html``;
  const rows = annotations.map(
    (one) =>
      html`<tr><td><span class="badge ${one.annotation_level}">${one.annotation_level}</span></td><td class="path">${one.path}:${linesOf(one)}</td><td>${titleOf(one)}${plainText(one.message)}</td></tr>`,
  );
  return html`<table class="annotations"><thead><tr><th>Level</th><th>Place</th><th>Message</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function linesOf({ start_line: start, end_line: end }: Annotation): string {
  return end > start ? `${start}–${end}` : `${start}`;
}

function titleOf({ title }: Annotation): SafeHtml {
  return title === undefined ? html`` : html`<strong>${title}</strong><br>`;
}

/** GitHub shows the message of an annotation as plain text. */
function plainText(message: string): SafeHtml {
  return html`<span class="plain">${message}</span>`;
}
