import { suiteFor } from '../branches.ts';
import {
  type Answer,
  byId,
  type Call,
  enveloped,
  type Handler,
  number,
  objects,
  page,
  repositoryOf,
  text,
} from '../call.ts';
import { checkOutput, foreignRun, requestedState } from '../check-rules.ts';
import { readCommit } from '../commits.ts';
import { sendCheckRun } from '../events.ts';
import { git } from '../git.ts';
import { resolveCommit } from '../git-repository.ts';
import { isObject } from '../json.ts';
import type { Annotation, CheckAction, CheckRun, CheckSuite, Repository } from '../records.ts';
import { notFound, Refusal } from '../refusal.ts';
import { viewAnnotation, viewCheckRun, viewCheckSuite } from '../views/check.ts';

async function knownCommit(repo: Repository, sha: string): Promise<string> {
  const known = /^[0-9a-f]{40}$/.test(sha) ? await resolveCommit(repo.gitDir, sha) : undefined;
  if (known === undefined) throw new Refusal(422, { message: `No commit found for SHA: ${sha}` });
  return known;
}

/** The branch of the repository whose head is the commit; null for the head of a fork. */
async function branchOf(repo: Repository, sha: string): Promise<string | null> {
  const refs = await git(repo.gitDir, [
    'for-each-ref',
    '--format=%(refname:lstrip=2)',
    `--points-at=${sha}`,
    'refs/heads',
  ]);
  return refs.split('\n')[0] || null;
}

async function suiteOfCommit(call: Call): Promise<CheckSuite> {
  const repo = repositoryOf(call);
  const sha = await knownCommit(repo, text(call.body, 'head_sha') ?? '');
  const headBranch = await branchOf(repo, sha);
  return suiteFor(call.world, { repo, headSha: sha, appId: call.world.app.id, headBranch });
}

const create: Handler = async (call) => {
  checkOutput(call.body);
  const state = requestedState(call.body) ?? { status: 'queued', conclusion: null };
  const suite = await suiteOfCommit(call);
  const run: CheckRun = {
    id: call.world.nextId(),
    suite,
    name: text(call.body, 'name') ?? '',
    externalId: '',
    detailsUrl: null,
    ...state,
    // GitHub fills it in even for a queued run; the webhook schema requires a string.
    startedAt: call.world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  call.world.checkRuns.set(run.id, run);
  write(call, run);
  announce(call, 'created', run);
  if (run.status === 'completed') announce(call, 'completed', run);
  return { status: 201, body: viewCheckRun(call.world, run) };
};

const update: Handler = (call) => {
  const run = runOf(call);
  if (run.suite.appId !== call.world.app.id) throw foreignRun(call.world.app.id);
  checkOutput(call.body);
  const state = requestedState(call.body);
  const wasCompleted = run.status === 'completed';
  if (state) Object.assign(run, state);
  write(call, run);
  if (run.status === 'completed' && !wasCompleted) announce(call, 'completed', run);
  return { status: 200, body: viewCheckRun(call.world, run) };
};

/** Copies what a request gives. Annotations are appended, everything else is replaced. */
function write({ world, body }: Call, run: CheckRun): void {
  run.suite.reset = false;
  run.name = text(body, 'name') ?? run.name;
  run.externalId = text(body, 'external_id') ?? run.externalId;
  run.detailsUrl = text(body, 'details_url') ?? run.detailsUrl;
  run.startedAt = text(body, 'started_at') ?? run.startedAt;
  run.completedAt =
    run.status === 'completed'
      ? (text(body, 'completed_at') ?? run.completedAt ?? world.now())
      : null;
  if (body['actions'] !== undefined)
    run.actions = objects(body, 'actions') as unknown as CheckAction[];
  const output = body['output'];
  if (!isObject(output)) return;
  run.output = {
    title: text(output, 'title') ?? null,
    summary: text(output, 'summary') ?? null,
    text: text(output, 'text') ?? run.output.text,
  };
  run.annotations.push(...(objects(output, 'annotations') as unknown as Annotation[]));
}

function announce({ world, webhooks }: Call, action: string, run: CheckRun): void {
  webhooks.background(sendCheckRun({ world, webhooks, sender: world.bot }, run, { action }));
}

function runOf(call: Call): CheckRun {
  const repo = repositoryOf(call);
  return byId(
    call.world.checkRuns,
    number(call.path, 'check_run_id'),
    (run) => run.suite.repo === repo,
  );
}

function suiteOf(call: Call): CheckSuite {
  const repo = repositoryOf(call);
  return byId(
    call.world.checkSuites,
    number(call.path, 'check_suite_id'),
    (suite) => suite.repo === repo,
  );
}

async function listRuns(call: Call, belongs: (run: CheckRun) => boolean): Promise<Answer> {
  const { query, world } = call;
  const wanted = (run: CheckRun): boolean =>
    belongs(run) &&
    (query['check_name'] === undefined || run.name === query['check_name']) &&
    (query['status'] === undefined || run.status === query['status']) &&
    (query['app_id'] === undefined || run.suite.appId === query['app_id']);
  const runs = [...world.checkRuns.values()].filter(wanted);
  const chosen = query['filter'] === 'all' ? runs : latest(runs);
  const answer = page(call, chosen.toReversed(), (run) => viewCheckRun(world, run));
  return enveloped(answer, 'check_runs', chosen.length);
}

/** `filter=latest`, the default: only the newest run of each name in each suite. */
function latest(runs: readonly CheckRun[]): CheckRun[] {
  const newest = new Map(runs.map((run) => [`${run.suite.id} ${run.name}`, run]));
  return runs.filter((run) => newest.get(`${run.suite.id} ${run.name}`) === run);
}

const listForRef: Handler = async (call) => {
  const repo = repositoryOf(call);
  const sha = await resolveCommit(repo.gitDir, text(call.path, 'ref') ?? '');
  if (sha === undefined)
    throw new Refusal(422, { message: `No commit found for SHA: ${text(call.path, 'ref')}` });
  return listRuns(call, (run) => run.suite.repo === repo && run.suite.headSha === sha);
};

const listSuites: Handler = async (call) => {
  const repo = repositoryOf(call);
  const sha = await resolveCommit(repo.gitDir, text(call.path, 'ref') ?? '');
  if (sha === undefined) throw notFound();
  const appId = call.query['app_id'];
  const suites = [...call.world.checkSuites.values()].filter(
    (suite) =>
      suite.repo === repo &&
      suite.headSha === sha &&
      (appId === undefined || suite.appId === appId),
  );
  const commit = await readCommit(repo.gitDir, sha);
  const answer = page(call, suites, (suite) => viewCheckSuite(call.world, suite, commit));
  return enveloped(answer, 'check_suites', suites.length);
};

async function answerSuite(call: Call, status: number, suite: CheckSuite): Promise<Answer> {
  const commit = await readCommit(suite.repo.gitDir, suite.headSha);
  return { status, body: viewCheckSuite(call.world, suite, commit) };
}

/** Check runs, their annotations, and suites. */
export const checkHandlers = {
  'checks/create': create,
  'checks/update': update,
  'checks/get': (call) => ({ status: 200, body: viewCheckRun(call.world, runOf(call)) }),
  'checks/list-annotations': (call) => {
    const run = runOf(call);
    return page(call, run.annotations, (annotation) => viewAnnotation(call.world, run, annotation));
  },
  'checks/list-for-ref': listForRef,
  'checks/list-suites-for-ref': listSuites,
  'checks/get-suite': (call) => answerSuite(call, 200, suiteOf(call)),
  'checks/list-for-suite': (call) => {
    const suite = suiteOf(call);
    return listRuns(call, (run) => run.suite === suite);
  },
  'checks/create-suite': async (call) => {
    const before = call.world.checkSuites.size;
    const suite = await suiteOfCommit(call);
    return answerSuite(call, call.world.checkSuites.size > before ? 201 : 200, suite);
  },
} satisfies Record<string, Handler>;
