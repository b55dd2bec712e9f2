import type { ApplicationFunction } from 'probot';
import type { Trigger } from './domain/trigger.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { converters } from './webhooks/converters.ts';
import type { Convert } from './webhooks/delivery.ts';

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
    probot.on('pull_request', (event) => take(options, event, converters.pull_request));
    probot.on('issues', (event) => take(options, event, converters.issues));
    probot.on('issue_comment', (event) => take(options, event, converters.issue_comment));
    probot.on('pull_request_review_comment', (event) =>
      take(options, event, converters.pull_request_review_comment),
    );
    probot.on('check_run', (event) => take(options, event, converters.check_run));
    probot.on('check_suite', (event) => take(options, event, converters.check_suite));
    probot.on('merge_group', (event) => take(options, event, converters.merge_group));
    probot.on('repository', (event) => take(options, event, converters.repository));
    probot.on('installation', (event) => take(options, event, converters.installation));
    probot.on('installation_repositories', (event) =>
      take(options, event, converters.installation_repositories),
    );
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
