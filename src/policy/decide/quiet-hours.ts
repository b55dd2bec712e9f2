import { Day, type QuietHours } from '../document/quiet-hours.ts';

/** Is it quiet, and until when? Null: it does not end within eight days, or nobody can tell soon enough. */
export type Quiet =
  | { readonly isQuiet: false }
  | { readonly isQuiet: true; readonly untilMs: number | null };

const minuteMs = 60_000;
const minutesADay = 1_440;
/** What clocks are put forward by, with room to spare: nearer to an end every minute is looked at. */
const maxShiftMinutes = 120;
const horizonMs = 8 * minutesADay * minuteMs;
/**
 * Looks at a clock, each a few microseconds. Eight days in one zone, minute by minute, take 11,520;
 * a policy with fifty zones must not hold up everybody else's work.
 */
const maxLooks = 12_000;
/** The last instant that ECMAScript's Date knows. */
const maxInstantMs = 8.64e15;

const days: readonly string[] = Day.options;

/** The time on a wall clock. `day` counts from Monday. */
interface WallTime {
  readonly day: number;
  readonly minute: number;
}

/**
 * Is an instant (epoch ms) in one of these hours, by the clocks of their own zones? An hour that the
 * clocks leave out or have twice is what the clock on the wall says.
 */
export function quietAt(hours: readonly QuietHours[], atMs: number): Quiet {
  if (hours.length === 0) return { isQuiet: false };
  // An instant that cannot be told counts as quiet: nothing starts by itself then.
  if (!(Math.abs(atMs) <= maxInstantMs - 2 * horizonMs)) return { isQuiet: true, untilMs: null };
  const zones = Map.groupBy(hours, ({ timeZone }) => timeZone);
  const clocks = [...zones].map(([timeZone, windows]) => ({ windows, clock: clockOf(timeZone) }));
  const minutesLeft = (ms: number): number =>
    Math.max(
      ...clocks.map(({ windows, clock }) => {
        const time = clock(ms);
        return Math.max(...windows.map((window) => remaining(window, time)));
      }),
    );
  if (minutesLeft(atMs) === 0) return { isQuiet: false };
  let end = Math.floor(atMs / minuteMs) * minuteMs;
  for (let looks = maxLooks; looks > 0 && end <= atMs + horizonMs; looks -= clocks.length) {
    const left = minutesLeft(end);
    if (left === 0) return { isQuiet: true, untilMs: end };
    end += Math.max(1, left - maxShiftMinutes) * minuteMs;
  }
  return { isQuiet: true, untilMs: null };
}

/** Minutes until the window ends, as the clock shows them; 0 outside of it. */
function remaining(window: QuietHours, { day, minute }: WallTime): number {
  const [start, end] = [minutesOf(window.from), minutesOf(window.to)];
  const holds = (index: number): boolean => window.days.some((name) => days[index] === name);
  const begunToday = holds(day) && minute >= start;
  if (start < end) return begunToday && minute < end ? end - minute : 0;
  if (begunToday) return minutesADay - minute + end;
  return holds((day + 6) % 7) && minute < end ? end - minute : 0;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function clockOf(timeZone: string): (ms: number) => WallTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (ms) => {
    const parts = Object.fromEntries(
      format.formatToParts(ms).map(({ type, value }) => [type, value]),
    );
    const day = days.indexOf(String(parts['weekday']).toLowerCase());
    return { day, minute: minutesOf(`${parts['hour']}:${parts['minute']}`) };
  };
}
