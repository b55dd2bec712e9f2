import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http2';
import { describe, expect, test } from 'vitest';
import { controlAuthority, routes } from '../../../src/protocol/wire.ts';
import type { WireTask } from '../../../src/wire/wire-task.ts';
import { serve, speak } from '../../support/wire/hostile-sandbox.ts';

async function headersOfInput(task: Partial<WireTask>): Promise<IncomingHttpHeaders> {
  const { wire } = serve(task);
  const session = speak(wire);
  const stream = session.request({ ':authority': controlAuthority, ':path': routes.input });
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  session.destroy();
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('sallyport-')),
  );
}

describe('beside its input a sandbox', () => {
  test('is told the words and the budget that its run has', async () => {
    const budget = { tokens: 10, costMicroUsd: null, requests: 0 };
    expect(await headersOfInput({ canary: 'dk1', modelKey: 'sk-1', budget })).toEqual({
      'sallyport-canary': 'dk1',
      'sallyport-model-key': 'sk-1',
      'sallyport-budget': JSON.stringify(budget),
    });
  });

  test('is told of nothing that its run does not have', async () => {
    expect(await headersOfInput({})).toEqual({});
  });
});
