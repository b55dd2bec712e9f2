import { assert, constantFrom, dictionary, integer, jsonValue, property, string } from 'fast-check';
import { describe, it } from 'vitest';
import { simulationOf } from '../../../../src/cli/policy/simulate.ts';
import { simulationText } from '../../../../src/report/policy/simulation.ts';
import { converters } from '../../../../src/webhooks/converters.ts';
import { folded } from '../../policy/fixture.ts';
import { checkRunPayload, commentPayload, reviewCommentPayload } from '../../webhooks/payloads.ts';
import { openedPayload } from './simulate-payloads.ts';

const { policy } = folded({
  repository: `quietHours: [{ days: [sat], from: '22:00', to: '06:00', timeZone: Europe/Berlin }]
tasks: { review: { triggers: { paths: [src/**], labels: { any: [a] } } } }`,
});
const names = Object.keys(converters) as (keyof typeof converters)[];
const instants = integer({ min: -8.64e15, max: 8.64e15 });
const whole = [openedPayload(), commentPayload(), reviewCommentPayload(), checkRunPayload()];

function isTold(name: keyof typeof converters, payload: unknown, atMs: number): boolean {
  const told = { policy, atMs, appId: 4242, paths: null, permissions: new Map() };
  const simulation = simulationOf({ name, payload }, told);
  const text = simulationText(policy, simulation);
  return text.endsWith('\n') && !/(?!\n)\p{Cc}/u.test(text);
}

describe('a simulation', () => {
  it('is made of any payload at any time', () => {
    assert(property(constantFrom(...names), jsonValue(), instants, isTold));
  });

  it('is made of any payload that nearly fits', () => {
    const spoiled = dictionary(
      constantFrom('action', 'number', 'pull_request', 'comment', 'issue', 'sender', 'check_run'),
      jsonValue(),
      { maxKeys: 2 },
    );
    assert(
      property(constantFrom(...names), constantFrom(...whole), spoiled, (name, payload, spoilt) =>
        isTold(name, { ...payload, ...spoilt }, 0),
      ),
    );
  });

  it('is made of any comment', () => {
    assert(
      property(
        string({ unit: 'binary' }),
        constantFrom('', '/sallyport ', '/sallyport run '),
        (text, start) =>
          isTold('issue_comment', commentPayload({}, { body: `${start}${text}` }), 0),
      ),
    );
  });
});
