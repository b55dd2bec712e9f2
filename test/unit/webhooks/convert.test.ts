import { describe, expect, it } from 'vitest';
import { fromCheckRun } from '../../../src/webhooks/check-run.ts';
import { fromIssueComment } from '../../../src/webhooks/issue-comment.ts';
import { fromPullRequest } from '../../../src/webhooks/pull-request.ts';
import { fromReviewComment } from '../../../src/webhooks/review-comment.ts';
import {
  appId,
  checkRunPayload,
  commentPayload,
  common,
  deliver,
  headSha,
  pullRequestPayload,
  reviewCommentPayload,
  updatedAt,
} from './payloads.ts';

describe('pull_request', () => {
  it.each(['opened', 'synchronize', 'reopened', 'ready_for_review', 'labeled', 'closed'])(
    '%s becomes a trigger',
    (action) => {
      expect(fromPullRequest(deliver(pullRequestPayload({ action })))).toEqual({
        kind: 'trigger',
        trigger: { ...common, type: 'pull-request', action, number: 9, headSha },
      });
    },
  );

  it.each(['edited', 'unlabeled', 'converted_to_draft', 'constructor', ''])(
    '%s is ignored, whatever else it says',
    (action) => {
      const converted = fromPullRequest(deliver({ action }));
      expect(converted).toEqual({ kind: 'ignored', because: 'action' });
    },
  );
});

describe('pull_request edited', () => {
  it('with a new base is a new diff on the same head', () => {
    const changes = { base: { ref: { from: 'other' }, sha: { from: 'b'.repeat(40) } } };
    const converted = fromPullRequest(deliver(pullRequestPayload({ action: 'edited', changes })));
    expect(converted).toMatchObject({
      kind: 'trigger',
      trigger: { action: 'retargeted', headSha },
    });
  });

  it('with a new title changes nothing to review', () => {
    const changes = { title: { from: 'old' } };
    const converted = fromPullRequest(deliver(pullRequestPayload({ action: 'edited', changes })));
    expect(converted).toEqual({ kind: 'ignored', because: 'action' });
  });
});

describe('issue_comment', () => {
  it('on a pull request becomes a trigger', () => {
    expect(fromIssueComment(deliver(commentPayload()), appId)).toEqual({
      kind: 'trigger',
      trigger: {
        ...common,
        type: 'comment',
        number: 9,
        isPullRequest: true,
        commentId: 77,
        threadId: null,
        updatedAt,
        body: '/sallyport review',
      },
    });
  });

  it('on an issue says so', () => {
    const converted = fromIssueComment(deliver(commentPayload({ issue: { number: 9 } })), appId);
    expect(converted).toMatchObject({ kind: 'trigger', trigger: { isPullRequest: false } });
  });

  it('of our own is ignored, told by the App’s id', () => {
    const own = commentPayload({}, { performed_via_github_app: { id: appId } });
    const converted = fromIssueComment(deliver(own), appId);
    expect(converted).toEqual({ kind: 'ignored', because: 'own-comment' });
  });

  it.each([
    ['another App', { type: 'Bot', login: 'renovate[bot]', id: 6 }, 'Bot'],
    ['someone who took our name', { type: 'User', login: 'sallyport[bot]', id: 6 }, 'User'],
    ['a kind of account that is not known', { type: 'Agent', login: 'x', id: 6 }, 'Unknown'],
  ])('of %s keeps its sender, for later to judge', (_who, sender, type) => {
    const payload = commentPayload({ sender }, { performed_via_github_app: { id: 1 } });
    const converted = fromIssueComment(deliver(payload), appId);
    expect(converted).toMatchObject({ kind: 'trigger', trigger: { sender: { ...sender, type } } });
  });

  it.each(['edited', 'deleted'])('%s runs nothing', (action) => {
    const converted = fromIssueComment(deliver(commentPayload({ action })), appId);
    expect(converted).toEqual({ kind: 'ignored', because: 'action' });
  });

  it('takes a body of 65,536 characters and refuses a longer one', () => {
    const longest = commentPayload({}, { body: 'x'.repeat(65_536) });
    expect(fromIssueComment(deliver(longest), appId).kind).toBe('trigger');
    const longer = commentPayload({}, { body: 'x'.repeat(65_537) });
    const converted = fromIssueComment(deliver(longer), appId);
    expect(converted).toEqual({ kind: 'refused', reason: 'body: too_big' });
  });
});

describe('pull_request_review_comment', () => {
  it('becomes a trigger when it is a reply', () => {
    expect(fromReviewComment(deliver(reviewCommentPayload()))).toEqual({
      kind: 'trigger',
      trigger: {
        ...common,
        type: 'comment',
        number: 9,
        isPullRequest: true,
        commentId: 78,
        threadId: 70,
        updatedAt,
        body: '/sallyport fix',
      },
    });
  });

  it.each([{ in_reply_to_id: null }, { in_reply_to_id: undefined }])(
    'is ignored when it starts a thread: %j',
    (comment) => {
      const converted = fromReviewComment(deliver(reviewCommentPayload({}, comment)));
      expect(converted).toEqual({ kind: 'ignored', because: 'no-reply' });
    },
  );

  it.each(['edited', 'deleted'])('%s runs nothing', (action) => {
    const converted = fromReviewComment(deliver(reviewCommentPayload({ action })));
    expect(converted).toEqual({ kind: 'ignored', because: 'action' });
  });

  it.each([{ updated_at: 'yesterday' }, { id: 0 }, { in_reply_to_id: -1 }, { body: 3 }])(
    'is refused with %j',
    (comment) => {
      expect(fromReviewComment(deliver(reviewCommentPayload({}, comment))).kind).toBe('refused');
    },
  );
});

describe('check_run', () => {
  const fields = { ...common, checkRunId: 55, externalId: 't1', headSha };

  it('requested_action becomes a trigger with the button’s identifier', () => {
    expect(fromCheckRun(deliver(checkRunPayload()), appId)).toEqual({
      kind: 'trigger',
      trigger: { ...fields, type: 'check-action', identifier: 'apply' },
    });
  });

  it('rerequested becomes a trigger', () => {
    const payload = checkRunPayload({ action: 'rerequested', requested_action: undefined });
    expect(fromCheckRun(deliver(payload), appId)).toEqual({
      kind: 'trigger',
      trigger: { ...fields, type: 'check-rerequested' },
    });
  });

  it('has an empty external id where GitHub sends none', () => {
    const converted = fromCheckRun(deliver(checkRunPayload({}, { external_id: null })), appId);
    expect(converted).toMatchObject({ kind: 'trigger', trigger: { externalId: '' } });
  });

  it.each(['rerequested', 'requested_action'])('%s of another App is ignored', (action) => {
    const payload = checkRunPayload({ action }, { app: { id: 1 } });
    const converted = fromCheckRun(deliver(payload), appId);
    expect(converted).toEqual({ kind: 'ignored', because: 'other-app' });
  });

  it.each(['created', 'completed'])('%s is ignored', (action) => {
    const converted = fromCheckRun(deliver(checkRunPayload({ action })), appId);
    expect(converted).toEqual({ kind: 'ignored', because: 'action' });
  });
});

describe('a payload that does not fit', () => {
  const repository = { id: 1, name: 'widget', owner: { login: 'acme' } };
  const short = { head: { sha: 'abc1234' } };
  it.each([
    ['no installation', { installation: undefined }, 'installation: invalid_type'],
    ['no repository', { repository: null }, 'repository: invalid_type'],
    [
      'a name that leaves its place',
      { repository: { ...repository, name: '..' } },
      'repository.name',
    ],
    [
      'an owner with a slash',
      { repository: { ...repository, owner: { login: 'a/b' } } },
      'repository.owner',
    ],
    [
      'a negative repository id',
      { repository: { ...repository, id: -1 } },
      'repository.repositoryId',
    ],
    ['a fractional number', { number: 1.5 }, 'number: invalid_type'],
    ['number 0', { number: 0 }, 'number: too_small'],
    ['an id beyond 2^53', { sender: { id: 2 ** 60, login: 'm', type: 'User' } }, 'sender.id'],
    ['an abbreviated SHA', { pull_request: short }, 'pull_request.head.sha: invalid_format'],
    [
      'an upper-case SHA',
      { pull_request: { head: { sha: 'A'.repeat(40) } } },
      'pull_request.head.sha',
    ],
    ['an empty login', { sender: { id: 1, login: '', type: 'User' } }, 'sender.login: too_small'],
    ['no sender', { sender: undefined }, 'sender: invalid_type'],
  ])('is refused: %s', (_what, overrides, reason) => {
    const converted = fromPullRequest(deliver(pullRequestPayload(overrides)));
    expect(converted).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
  });

  it('is refused for a delivery id that could not name a job', () => {
    const converted = fromPullRequest(deliver(pullRequestPayload(), 'a:b'));
    expect(converted).toEqual({ kind: 'refused', reason: 'deliveryId: invalid_format' });
  });

  it.each([{ app: null }, { app: {} }, { head_sha: 'abc' }, { external_id: 'x'.repeat(201) }])(
    'is refused for a check run with %j',
    (run) => {
      expect(fromCheckRun(deliver(checkRunPayload({}, run)), appId).kind).toBe('refused');
    },
  );

  it('is refused without repeating what it says', () => {
    const secret = 'ghp_do_not_log_me';
    const rows = [
      fromPullRequest(deliver(pullRequestPayload({ pull_request: { head: { sha: secret } } }))),
      fromIssueComment(deliver(commentPayload({}, { id: secret, body: 3 })), appId),
      fromCheckRun(
        deliver(checkRunPayload({ requested_action: { identifier: secret.repeat(9) } })),
        appId,
      ),
    ];
    expect(rows.map((row) => row.kind)).toEqual(['refused', 'refused', 'refused']);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it.each([null, 1, 'text', [], {}, { action: 3 }, { action: { toString: 1 } }])(
    'is never a trigger: %j',
    (payload) => {
      const kinds = [fromPullRequest, fromIssueComment, fromCheckRun].map(
        (convert) => convert(deliver(payload), appId).kind,
      );
      expect(kinds).toEqual(['ignored', 'ignored', 'ignored']);
    },
  );
});
