import type { ApplicationFunction } from 'probot';
import type { Trigger } from './domain/trigger.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { fromCheckRun } from './webhooks/check-run.ts';
import type { Convert } from './webhooks/delivery.ts';
import { fromInstallation } from './webhooks/installation.ts';
import { fromIssueComment } from './webhooks/issue-comment.ts';
import { fromPullRequest } from './webhooks/pull-request.ts';
import { fromReviewComment } from './webhooks/review-comment.ts';

/** What the App is given. */
export interface AppOptions {
  readonly appId: number;
  /** Resolves when the trigger is durable; adding a delivery id twice is one addition. */
  readonly enqueue: (trigger: Trigger) => Promise<void>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** The part of Probot's context that handlers use. */
interface Event {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

/**
 * The Probot application: event name → conversion → queue, and nothing else, because GitHub waits.
 * A failure to enqueue is thrown, so that the delivery is answered with 5xx and shows as failed.
 */
export function sallyportApp(options: AppOptions): ApplicationFunction {
  return (probot) => {
    probot.on('pull_request', (event) => take(options, event, fromPullRequest));
    probot.on('issue_comment', (event) => take(options, event, fromIssueComment));
    probot.on('pull_request_review_comment', (event) => take(options, event, fromReviewComment));
    probot.on('check_run', (event) => take(options, event, fromCheckRun));
    probot.on('installation', (event) => take(options, event, fromInstallation));
  };
}

async function take(options: AppOptions, event: Event, convert: Convert): Promise<void> {
  const { appId, enqueue, log, clock } = options;
  const delivery = { id: event.id, payload: event.payload, receivedAtMs: clock.nowMs() };
  const conversion = convert(delivery, appId);
  const fields = { deliveryId: event.id, event: event.name };
  switch (conversion.kind) {
    case 'trigger':
      await enqueue(conversion.trigger);
      return log.info({ ...fields, trigger: conversion.trigger.type }, 'delivery enqueued');
    case 'ignored':
      return log.info({ ...fields, because: conversion.because }, 'delivery ignored');
    case 'refused':
      // Answered with 2xx all the same: sending it again would not make it fit.
      return log.warn({ ...fields, reason: conversion.reason }, 'delivery refused');
  }
}
