import type { Repository } from '../records.ts';
import { notFound } from '../refusal.ts';
import { fullName, isPullRequest, type World } from '../world.ts';
import { html, type SafeHtml } from './html.ts';
import { issuePage, pageOf } from './pull-page.ts';

/** What a person's browser gets. */
export type Page = { readonly text: string } | { readonly redirect: string };

/**
 * The page at a path, or undefined where the stand-in has none.
 * @throws Refusal 404 for a repository, pull request or check run that does not exist
 */
export async function findPage(world: World, path: string): Promise<Page | undefined> {
  if (path === '/') return { text: indexPage(world) };
  const [, owner = '', name = '', kind, id] =
    /^\/([^/]+)\/([^/]+)\/(pull|issues|runs)\/(\d+)$/.exec(path) ?? [];
  if (kind === undefined) return undefined;
  const repo = world.repository(`${owner}/${name}`);
  if (kind === 'runs') return { redirect: runAddress(world, repo, Number(id)) };
  return { text: await issuePage(world, world.issue(repo, Number(id))) };
}

/** A check run is shown on the page of its pull request. */
function runAddress(world: World, repo: Repository, runId: number): string {
  const run = world.checkRuns.get(runId);
  const pull = [...repo.issues.values()]
    .filter(isPullRequest)
    .find((one) => one.pull.headSha === run?.suite.headSha);
  if (!run || run.suite.repo !== repo || !pull) throw notFound();
  return `/${fullName(repo)}/pull/${pull.number}#check-${run.id}`;
}

function indexPage(world: World): string {
  const repositories = [...world.repositories.values()].map(viewRepository);
  return pageOf(
    'GitHub stand-in',
    html`<h1>GitHub stand-in</h1><p class="muted">For tests and the demo; nothing here is GitHub.</p>${repositories}`,
  );
}

function viewRepository(repo: Repository): SafeHtml {
  const issues = [...repo.issues.values()].map((issue) => {
    const address = `/${fullName(repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
    return html`<li><a href="${address}">#${issue.number} ${issue.title}</a> <span class="muted">${issue.author.login}</span></li>`;
  });
  return html`<h2>${fullName(repo)}</h2><ul>${issues}</ul>`;
}
