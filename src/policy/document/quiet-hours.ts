import { z } from 'zod';

/** Days in the order of a week that starts on Monday. */
export const Day = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Day = z.infer<typeof Day>;

const Time = z
  .string()
  .regex(/^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, 'must be a time as "09:30", in quotes');

/** A time zone of the IANA database that this Node knows. */
const TimeZone = z
  .string()
  .regex(/^[A-Za-z0-9_+/-]{1,64}$/, 'must be a time zone as Europe/Berlin')
  .refine(isTimeZone, 'is no time zone that is known here; write it as Europe/Berlin or UTC');

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    // ECMA-402: a RangeError, for a zone that is not known, is all that this throws.
    return false;
  }
}

/** Hours, by the clock on the wall, in which no task starts by itself. Commands are not held up. */
export const QuietHours = z.strictObject({
  days: z.array(Day).min(1).describe('Days on which the hours begin.'),
  from: Time.describe('Beginning, as "18:00".'),
  to: Time.describe('End, not included. At or before `from`: on the next day.'),
  timeZone: TimeZone.describe('Whose clock; an IANA name.'),
});
export type QuietHours = z.infer<typeof QuietHours>;
