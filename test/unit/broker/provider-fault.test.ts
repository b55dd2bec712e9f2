import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { providerFaultOf, waitBeforeNext } from '../../../src/broker/provider-fault.ts';

const error = (part: object) => JSON.stringify({ type: 'error', error: part });

describe('a provider’s fault', () => {
  test.each<[number, string, object, string, boolean]>([
    [529, error({ type: 'overloaded_error' }), {}, '529 overloaded_error', false],
    [429, error({ type: 'rate_limit_error' }), {}, '429 rate_limit_error', false],
    [
      429,
      error({
        type: 'rate_limit_error',
        details: { error_code: 'enforced_spend_limit_reached' },
      }),
      {},
      '429 enforced_spend_limit_reached',
      true,
    ],
    [
      429,
      error({ type: 'requests', code: 'rate_limit_exceeded' }),
      {},
      '429 rate_limit_exceeded',
      false,
    ],
    [
      429,
      error({ type: 'insufficient_quota', code: 'insufficient_quota' }),
      {},
      '429 insufficient_quota',
      true,
    ],
    [429, error({ code: 429, status: 'RESOURCE_EXHAUSTED' }), {}, '429 RESOURCE_EXHAUSTED', false],
    [
      429,
      '{"message":"slow down"}',
      { 'x-amzn-errortype': 'ThrottlingException:http://internal' },
      '429 ThrottlingException',
      false,
    ],
    [503, '<html>', {}, '503', false],
    [500, error({ type: 'api_error' }), { 'x-should-retry': 'false' }, '500 api_error', true],
    [401, error({ type: 'authentication_error' }), {}, '401 authentication_error', true],
    [400, error({ type: 'a b <script>' }), {}, '400', true],
    [413, '', {}, '413', true],
  ])('is told by its status and word: %i %s', (status, body, headers, text, isLasting) => {
    expect(providerFaultOf(status, headers as Record<string, string>, body)).toEqual({
      text,
      isLasting,
    });
  });

  test('says nothing that could not stand in a ledger, whatever came', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(providerFaultOf(500, {}, json).text).toMatch(/^500(?: [A-Za-z][\w.-]{0,63})?$/);
      }),
    );
  });
});

describe('the wait before the next try', () => {
  const nowMs = Date.UTC(2026, 10, 28);
  const rule = { attempts: 3, maxWaitMs: 5_000 };

  test.each<[string, number, Record<string, string>, number | undefined]>([
    ['doubles', 1, {}, 1_000],
    ['doubles', 2, {}, 2_000],
    ['is none after the last', 3, {}, undefined],
    ['is what the provider says, in seconds', 1, { 'retry-after': '3' }, 3_000],
    ['is what the provider says, in parts of one', 1, { 'retry-after': '0.25' }, 250],
    ['is the finer of two', 1, { 'retry-after': '3', 'retry-after-ms': '12' }, 12],
    ['is until a date', 1, { 'retry-after': new Date(nowMs + 4_000).toUTCString() }, 4_000],
    [
      'is over for a date that has passed',
      1,
      { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' },
      0,
    ],
    ['is not longer than the rule', 1, { 'retry-after': '6' }, undefined],
    ['is the rule’s when the word makes no sense', 2, { 'retry-after': 'soon' }, 2_000],
  ])('%s (%i, %j)', (_, attempt, headers, waitMs) => {
    expect(waitBeforeNext(attempt, { headers, rule, nowMs })).toBe(waitMs);
  });

  test('is never above what the rule has', () => {
    const patient = { attempts: 10, maxWaitMs: 3_000 };
    expect(waitBeforeNext(9, { headers: {}, rule: patient, nowMs })).toBe(3_000);
  });
});
