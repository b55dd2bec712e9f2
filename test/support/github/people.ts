import { suiteFor } from './branches.ts';
import { sendCheckRun, sendCheckSuite, sendIssueComment } from './events.ts';
import type { CheckRun, Delivery, IssueComment } from './records.ts';
import { ThreadActs } from './thread-acts.ts';
import { ACTIONS_APP_ID } from './views/account.ts';
import { found } from './world.ts';

/** What people do on GitHub: comments, clicks on checks, redeliveries, and (inherited) everything else. */
export class People extends ThreadActs {
  /** Comments on an issue or pull request. Resolves with the comment and the delivery of `issue_comment.created`. */
  async comment(
    repo: string,
    number: number,
    login: string,
    body: string,
  ): Promise<{ comment: IssueComment; delivery: Delivery | undefined }> {
    const issue = this.world.issue(this.world.repository(repo), number);
    const author = this.world.addUser(login);
    const now = this.world.now();
    const comment: IssueComment = {
      id: this.world.nextId(),
      issue,
      author,
      body,
      createdAt: now,
      updatedAt: now,
    };
    this.world.issueComments.set(comment.id, comment);
    return {
      comment,
      delivery: await sendIssueComment(this.scene(author), comment, { action: 'created' }),
    };
  }

  /** Edits a comment after the fact, as an attacker might: `issue_comment.edited`. */
  async editComment(id: number, login: string, body: string): Promise<Delivery | undefined> {
    const comment = found(this.world.issueComments.get(id));
    const changes = { body: { from: comment.body } };
    comment.body = body;
    comment.updatedAt = this.world.now();
    return sendIssueComment(this.scene(this.world.user(login)), comment, {
      action: 'edited',
      changes,
    });
  }

  /** Takes a comment of the conversation away. The App has not asked to hear of it. */
  deleteComment(id: number): void {
    found(this.world.issueComments.get(id));
    this.world.issueComments.delete(id);
  }

  /** Clicks a button of a completed check run: `check_run.requested_action`. Refuses a button that is not shown. */
  async clickCheckAction(
    checkRunId: number,
    identifier: string,
    login: string,
  ): Promise<Delivery | undefined> {
    const run = found(this.world.checkRuns.get(checkRunId));
    const shown =
      run.status === 'completed' && run.actions.some((action) => action.identifier === identifier);
    if (!shown) throw new Error(`check run ${checkRunId} shows no button ${identifier}`);
    const act = { action: 'requested_action', requested_action: { identifier } };
    return sendCheckRun(this.scene(this.world.addUser(login)), run, act);
  }

  /** Presses re-run on one check: its suite goes back to `queued`, the run itself is not updated. */
  async rerequestCheckRun(checkRunId: number, login: string): Promise<Delivery | undefined> {
    const run = found(this.world.checkRuns.get(checkRunId));
    run.suite.reset = true;
    return sendCheckRun(this.scene(this.world.addUser(login)), run, { action: 'rerequested' });
  }

  /** Presses re-run all checks of a commit: `check_suite.rerequested`. */
  async rerequestCheckSuite(suiteId: number, login: string): Promise<Delivery | undefined> {
    const suite = found(this.world.checkSuites.get(suiteId));
    suite.reset = true;
    return sendCheckSuite(this.scene(this.world.addUser(login)), suite, 'rerequested');
  }

  /** Another App reports a check; ours hears of it too, and must not touch it. */
  async addForeignCheckRun(
    repo: string,
    sha: string,
    name: string,
    appId = 999_999,
  ): Promise<CheckRun> {
    const repository = this.world.repository(repo);
    const suite = suiteFor(this.world, { repo: repository, headSha: sha, appId, headBranch: null });
    const now = this.world.now();
    const state = {
      status: 'completed' as const,
      conclusion: 'success',
      startedAt: now,
      completedAt: now,
    };
    const output = { title: null, summary: null, text: null };
    const run: CheckRun = {
      id: this.world.nextId(),
      suite,
      name,
      externalId: '',
      detailsUrl: null,
      ...state,
      output,
      annotations: [],
      actions: [],
    };
    this.world.checkRuns.set(run.id, run);
    await sendCheckRun(this.scene(repository.owner), run, { action: 'created' });
    return run;
  }

  /** A job of Actions fails, and has printed this. */
  async addFailedJob(
    repo: string,
    sha: string,
    job: { name: string; log: string },
  ): Promise<CheckRun> {
    const run = await this.addForeignCheckRun(repo, sha, job.name, ACTIONS_APP_ID);
    run.conclusion = 'failure';
    this.world.jobLogs.set(run.id, job.log);
    return run;
  }

  /** Sends a recorded delivery again, with the same delivery id. */
  redeliver(deliveryId: number): Promise<Delivery> {
    return this.webhooks.redeliver(
      found(this.world.deliveries.find((one) => one.id === deliveryId)),
    );
  }
}
