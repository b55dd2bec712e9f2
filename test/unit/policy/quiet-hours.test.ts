import { describe, expect, it } from 'vitest';
import { quietAt } from '../../../src/policy/decide/quiet-hours.ts';
import type { QuietHours } from '../../../src/policy/document/quiet-hours.ts';

const week: QuietHours['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function hours(window: Partial<QuietHours>): QuietHours {
  return { days: week, from: '22:00', to: '06:00', timeZone: 'UTC', ...window };
}

function until(windows: readonly QuietHours[], at: string): string | null | undefined {
  const quiet = quietAt(windows, Date.parse(at));
  if (!quiet.isQuiet) return undefined;
  return quiet.untilMs === null ? null : new Date(quiet.untilMs).toISOString();
}

const berlin = hours({ timeZone: 'Europe/Berlin' });

describe('quietAt', () => {
  it.each([
    // 2026-03-04 is a Wednesday.
    [[], '2026-03-04T23:00:00Z', undefined],
    [[hours({})], '2026-03-04T12:00:00Z', undefined],
    [[hours({})], '2026-03-04T22:00:00Z', '2026-03-05T06:00:00.000Z'],
    [[hours({})], '2026-03-04T21:59:59Z', undefined],
    [[hours({})], '2026-03-05T05:59:59.999Z', '2026-03-05T06:00:00.000Z'],
    [[hours({})], '2026-03-05T06:00:00Z', undefined],
    // The hours that begin on a day belong to it, also after midnight.
    [[hours({ days: ['wed'] })], '2026-03-05T01:00:00Z', '2026-03-05T06:00:00.000Z'],
    [[hours({ days: ['wed'] })], '2026-03-04T01:00:00Z', undefined],
    [[hours({ days: ['sun'] })], '2026-03-09T01:00:00Z', '2026-03-09T06:00:00.000Z'],
    [
      [hours({ days: ['wed'], from: '09:00', to: '17:00' })],
      '2026-03-04T09:30:00Z',
      '2026-03-04T17:00:00.000Z',
    ],
    [
      [hours({ days: ['wed'], from: '09:00', to: '09:00' })],
      '2026-03-05T08:00:00Z',
      '2026-03-05T09:00:00.000Z',
    ],
    [
      [hours({ days: ['sat', 'sun'], from: '00:00', to: '24:00' })],
      '2026-03-07T12:00:00Z',
      '2026-03-09T00:00:00.000Z',
    ],
    [
      [hours({ to: '23:00' }), hours({ from: '22:30', to: '23:30' })],
      '2026-03-04T22:10:00Z',
      '2026-03-04T23:30:00.000Z',
    ],
    [[hours({ from: '00:00', to: '24:00' })], '2026-03-04T12:00:00Z', null],
    // Clocks go forward at 02:00 on 2026-03-29: 06:00 there is 04:00Z and not 05:00Z.
    [[berlin], '2026-03-28T22:00:00Z', '2026-03-29T04:00:00.000Z'],
    // And back at 03:00 on 2026-10-25: 06:00 there is 05:00Z.
    [[berlin], '2026-10-24T21:00:00Z', '2026-10-25T05:00:00.000Z'],
    // An end that the clock leaves out: it is 03:00 right after 01:59.
    [
      [hours({ timeZone: 'Europe/Berlin', to: '02:30' })],
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
    // Half an hour, on the other side of the world.
    [
      [hours({ timeZone: 'Australia/Lord_Howe' })],
      '2026-04-04T12:00:00Z',
      '2026-04-04T19:30:00.000Z',
    ],
    [[hours({ timeZone: 'Asia/Kathmandu' })], '2026-03-04T17:00:00Z', '2026-03-05T00:15:00.000Z'],
  ])('of %j at %s is quiet until %s', (windows, at, end) => {
    expect(until(windows, at)).toBe(end);
  });

  it.each([Number.NaN, Infinity, -Infinity, 9e15])('is quiet when the time is %s', (atMs) => {
    expect(quietAt([hours({})], atMs)).toEqual({ isQuiet: true, untilMs: null });
  });

  it('says that nobody can tell the end where too many clocks would have to be looked at', () => {
    // Two hours each, one after the other, from Monday to Friday: every minute of it is near an end.
    const inZone = (timeZone: string) =>
      Array.from({ length: 12 }, (_, index) => {
        const at = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
        const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
        return hours({ days: [...days], timeZone, from: at(2 * index), to: at(2 * index + 2) });
      });
    const monday = '2026-03-02T12:00:00Z';
    expect(until(inZone('UTC'), monday)).toBe('2026-03-07T00:00:00.000Z');
    const zones = Intl.supportedValuesOf('timeZone').slice(0, 50);
    expect(until(zones.flatMap(inZone), monday)).toBeNull();
  });
});
