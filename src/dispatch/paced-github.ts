import type { CheckRuns } from '../ports/check-runs.ts';
import type { Conversations } from '../ports/conversations.ts';
import type { Commits, GitHub, PullRequests } from '../ports/github.ts';
import type { Issues } from '../ports/issues.ts';
import type { ReviewThreads } from '../ports/review-threads.ts';
import { ContentPacer, type PacingParts } from './content-pacer.ts';

/**
 * GitHub at the pace that it takes content: comments, reviews, pull requests and commits wait for room. Check runs
 * do not, nor does what is written anew: GitHub does not say that it counts them, and 450 checks an hour must not
 * stop an organisation. A rate limit that any write meets stops the content of its installation in all processes.
 */
export function paceGitHub(github: GitHub, parts: PacingParts): GitHub {
  const pacer = new ContentPacer(parts);
  return {
    checkRuns: pacedChecks(github.checkRuns, pacer),
    pullRequests: pacedPulls(github.pullRequests, pacer),
    reviewThreads: pacedThreads(github.reviewThreads, pacer),
    issues: pacedIssues(github.issues, pacer),
    conversations: pacedConversations(github.conversations, pacer),
    commits: pacedCommits(github.commits, pacer),
    permissions: github.permissions,
    files: github.files,
    hookDeliveries: github.hookDeliveries,
    reach: github.reach,
    sourceOf: (repository) => github.sourceOf(repository),
  };
}

function pacedChecks(checkRuns: CheckRuns, pacer: ContentPacer): CheckRuns {
  return {
    create: (...wish) => pacer.heed(wish[0], () => checkRuns.create(...wish)),
    update: (...wish) => pacer.heed(wish[0], () => checkRuns.update(...wish)),
    tell: (...wish) => pacer.heed(wish[0], () => checkRuns.tell(...wish)),
    find: (...question) => checkRuns.find(...question),
    list: (...question) => checkRuns.list(...question),
    failed: (...question) => checkRuns.failed(...question),
    annotations: (...question) => checkRuns.annotations(...question),
    jobLog: (...question) => checkRuns.jobLog(...question),
  };
}

function pacedPulls(pullRequests: PullRequests, pacer: ContentPacer): PullRequests {
  return {
    get: (...question) => pullRequests.get(...question),
    changedPaths: (...question) => pullRequests.changedPaths(...question),
    listOpen: (...question) => pullRequests.listOpen(...question),
    findReview: (...question) => pullRequests.findReview(...question),
    // One piece, however many comments it carries.
    createReview: (...wish) => pacer.create(wish[0], () => pullRequests.createReview(...wish)),
  };
}

function pacedThreads(threads: ReviewThreads, pacer: ContentPacer): ReviewThreads {
  return {
    list: (...question) => threads.list(...question),
    resolve: (...wish) => pacer.heed(wish[0], () => threads.resolve(...wish)),
    unresolve: (...wish) => pacer.heed(wish[0], () => threads.unresolve(...wish)),
    minimise: (...wish) => pacer.heed(wish[0], () => threads.minimise(...wish)),
    commentOnFile: (...wish) => pacer.create(wish[0], () => threads.commentOnFile(...wish)),
  };
}

function pacedIssues(issues: Issues, pacer: ContentPacer): Issues {
  return {
    get: (...question) => issues.get(...question),
    defaultBranch: (...question) => issues.defaultBranch(...question),
    isOnDefaultBranch: (...question) => issues.isOnDefaultBranch(...question),
    findPullRequest: (...question) => issues.findPullRequest(...question),
    existingLabels: (...question) => issues.existingLabels(...question),
    addLabels: (...wish) => pacer.heed(wish[0], () => issues.addLabels(...wish)),
    createBranch: (...wish) => pacer.heed(wish[0], () => issues.createBranch(...wish)),
    openPullRequest: (...wish) => pacer.create(wish[0], () => issues.openPullRequest(...wish)),
  };
}

function pacedConversations(conversations: Conversations, pacer: ContentPacer): Conversations {
  return {
    comment: (...wish) => pacer.create(wish[0], () => conversations.comment(...wish)),
    update: (...wish) => pacer.heed(wish[0], () => conversations.update(...wish)),
    react: (...wish) => pacer.heed(wish[0], () => conversations.react(...wish)),
    findComment: (...question) => conversations.findComment(...question),
    read: (...question) => conversations.read(...question),
    replies: (...question) => conversations.replies(...question),
    newest: (...question) => conversations.newest(...question),
  };
}

function pacedCommits(commits: Commits, pacer: ContentPacer): Commits {
  return {
    commitOnBranch: (...wish) => pacer.create(wish[0], () => commits.commitOnBranch(...wish)),
    treeOf: (...question) => commits.treeOf(...question),
    branchHead: (...question) => commits.branchHead(...question),
  };
}
