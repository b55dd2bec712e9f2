import type { Probot } from 'probot';
import { describe, expect, it } from 'vitest';
import { sallyportApp } from '../../../src/app.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { FakeClock } from '../../support/fakes/fake-clock.ts';
import { appId, commentPayload, deliveryId, pullRequestPayload } from '../webhooks/payloads.ts';

type Handler = (event: { id: string; name: string; payload: unknown }) => Promise<void>;

function start(enqueue?: (trigger: Trigger) => Promise<void>) {
  const handlers = new Map<string, Handler>();
  const triggers: Trigger[] = [];
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  const app = sallyportApp({
    appId,
    enqueue:
      enqueue ??
      (async (trigger) => {
        triggers.push(trigger);
      }),
    log: { info: at('info'), warn: at('warn'), error: at('error') },
    clock: new FakeClock(),
  });
  const probot = { on: (name: string, handler: Handler) => handlers.set(name, handler) };
  void app(probot as unknown as Probot, { cwd: '', addHandler: () => undefined });
  const send = async (name: string, payload: unknown) => {
    await handlers.get(name)?.({ id: deliveryId, name, payload });
  };
  return { handlers, triggers, lines, send };
}

describe('the application', () => {
  it('enqueues a trigger with the delivery’s id and the time it was taken', async () => {
    const { send, triggers } = start();
    await send('pull_request', pullRequestPayload());
    expect(triggers).toMatchObject([
      { type: 'pull-request', deliveryId, receivedAtMs: Date.UTC(2026, 0, 1) },
    ]);
  });

  it('fails the delivery when the queue cannot take it', async () => {
    const { send } = start(() => Promise.reject(new Error('the queue is down')));
    await expect(send('pull_request', pullRequestPayload())).rejects.toThrow('the queue is down');
  });

  it.each([
    ['installation', { action: 'renamed' }, { because: 'action' }],
    ['check_run', { action: 'completed' }, { because: 'action' }],
    ['issue_comment', commentPayload({ sender: null }), { reason: 'sender: invalid_type' }],
  ])('takes an %s that asks for nothing, and says so in the log', async (name, payload, why) => {
    const { send, triggers, lines } = start();
    await send(name, payload);
    expect(triggers).toEqual([]);
    expect(lines).toMatchObject([{ fields: { deliveryId, event: name, ...why } }]);
  });

  it('logs no payload', async () => {
    const { send, lines } = start();
    await send('issue_comment', commentPayload({}, { body: 'please keep this to yourself' }));
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('yourself');
  });
});
