import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Probot } from 'probot';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type TokenPermissions,
  tokenPermissions,
} from '../../../src/adapters/octokit/token-permissions.ts';
import { sallyportApp } from '../../../src/app.ts';
import { webhookPath } from '../../../src/server.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';

interface Manifest {
  readonly public: boolean;
  readonly hook_attributes: { readonly url: string };
  readonly default_permissions: Record<string, string>;
  readonly default_events: string[];
}

const file = join(import.meta.dirname, '../../../app.yml');
const manifest = parse(readFileSync(file, 'utf8')) as Manifest;

const silent = () => undefined;

/** GitHub sends these to every App; they cannot be subscribed to. */
const automatic = ['installation', 'installation_repositories'];

/** What GitHub wants to be granted before it tells of an event (docs, webhook events and payloads). */
const neededByEvent: Readonly<Record<string, readonly [name: string, access: string]>> = {
  pull_request: ['pull_requests', 'read'],
  issue_comment: ['issues', 'read'],
  pull_request_review_comment: ['pull_requests', 'read'],
  check_run: ['checks', 'read'],
  check_suite: ['checks', 'read'],
  merge_group: ['merge_queues', 'read'],
  repository: ['metadata', 'read'],
};

describe('the App’s manifest', () => {
  it('subscribes to exactly the events that are handled', () => {
    const handled: string[] = [];
    const app = sallyportApp({
      appId: 1,
      enqueue: () => Promise.resolve(),
      log: { info: silent, warn: silent, error: silent },
      clock: new FakeClock(),
    });
    const probot = { on: (name: string) => handled.push(name) };
    void app(probot as unknown as Probot, { cwd: '', addHandler: silent });
    const subscribed = handled.filter((name) => !automatic.includes(name));
    expect(manifest.default_events.toSorted()).toEqual(subscribed.toSorted());
  });

  it('asks for exactly the permissions of its tokens and of its events', () => {
    const needed: Record<string, string> = {};
    const uses: TokenPermissions[] = Object.values(tokenPermissions);
    const events = manifest.default_events.map((event) => neededByEvent[event] ?? [event, '?']);
    for (const [name, access] of [...uses.flatMap((use) => Object.entries(use)), ...events]) {
      if (needed[name] !== 'write') needed[name] = access;
    }
    expect(manifest.default_permissions).toEqual(needed);
  });

  it('is private and points at the path that is served', () => {
    expect(manifest.public).toBe(false);
    expect(new URL(manifest.hook_attributes.url).pathname).toBe(webhookPath);
  });
});
