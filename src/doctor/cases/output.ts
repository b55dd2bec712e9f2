import {
  broken,
  held,
  loudCase,
  type Observed,
  type SandboxCase,
  type Verdict,
} from '../attack-case.ts';
import type { Bench } from '../bench.ts';

const mebibyte = 1024 * 1024;
/** What the supervisor lets through of a log, and some for the lines of this suite. */
const mostLogBytes = mebibyte + 64 * 1024;
/** Longest text of one event (src/protocol/event.ts). */
const longestText = 16_384;

function texts({ events }: Observed): readonly string[] {
  return events.flatMap((event) => (event.type === 'log' ? [event.text] : []));
}

function judgeFlood(observed: Observed): Verdict {
  if (observed.result === undefined) return broken('there is no result behind the flood');
  const lines = texts(observed);
  const bytes = lines.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const longest = Math.max(0, ...lines.map((text) => text.length));
  if (bytes > mostLogBytes) return broken(`${bytes} bytes of log`);
  if (longest > longestText) return broken(`a line of ${longest} characters`);
  return held(`cut at ${Math.round(bytes / 1024)} KiB in ${lines.length} lines; the result came`);
}

/** C0 but the tab, DEL, C1, line separators, and what turns text around. */
const terminalCodes = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

function judgeCodes(show: Bench['show']) {
  return ({ events }: Observed): Verdict => {
    const printed = events.filter(
      (event) => event.type === 'log' && event.text.startsWith('terminal '),
    );
    const arrived = printed.some((event) => event.type === 'log' && terminalCodes.test(event.text));
    if (!arrived) return broken('the codes did not come through: nothing was tried');
    const shown = printed.map(show).filter((line) => terminalCodes.test(line));
    return shown.length > 0
      ? broken(`shown with its codes: ${JSON.stringify(shown[0]?.slice(0, 60))}`)
      : held('shown without one control character');
  };
}

/** Ways to drown, hang or deceive whoever reads the output. */
export function outputCases(show: Bench['show']): readonly SandboxCase[] {
  return [
    loudCase('resources.output', 'print without end', { judge: judgeFlood, mayDie: true }),
    loudCase('resources.endless-line', 'print one line without end', {
      judge: judgeFlood,
      mayDie: true,
    }),
    loudCase('resources.terminal-codes', "drive the reader's terminal", {
      judge: judgeCodes(show),
    }),
  ];
}
