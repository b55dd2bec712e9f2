import { textOf } from '../json.ts';
import type { Annotation, CheckRun, PullRequest } from '../records.ts';
import { viewAppById } from '../views/account.ts';
import type { World } from '../world.ts';
import { html, type SafeHtml } from './html.ts';
import { markdown } from './markdown.ts';

/** The check runs of the head commit, newest of each name first, with everything they say. */
export function viewChecks(world: World, { repo, pull }: PullRequest): SafeHtml {
  const runs = [...world.checkRuns.values()].filter(
    ({ suite }) => suite.repo === repo && suite.headSha === pull.headSha,
  );
  const shown =
    runs.length === 0
      ? [html`<p class="muted">No checks on this commit.</p>`]
      : runs.toReversed().map((run) => viewRun(world, run));
  return html`<h2>Checks on <code>${pull.headSha.slice(0, 7)}</code></h2>${shown}`;
}

function viewRun(world: World, run: CheckRun): SafeHtml {
  const state = run.conclusion ?? run.status;
  const app = textOf(viewAppById(world, run.suite.appId)['slug']);
  const { title, summary, text } = run.output;
  return html`<article class="card" id="check-${run.id}">
<header><span class="badge ${state}">${state.replaceAll('_', ' ')}</span><h3>${run.name}</h3><span class="muted">${app} · ${run.completedAt ?? run.startedAt ?? ''}</span></header>
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
      html`<tr><td>${one.annotation_level}</td><td class="path">${one.path}:${one.start_line}${one.end_line > one.start_line ? `–${one.end_line}` : ''}</td><td>${one.title ?? ''}</td><td>${one.message}</td></tr>`,
  );
  return html`<table><thead><tr><th>Level</th><th>Place</th><th>Title</th><th>Message</th></tr></thead><tbody>${rows}</tbody></table>`;
}
