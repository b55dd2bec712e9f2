import { expect, it } from 'vitest';
import { ProgressLine } from '../../../src/cli/progress-line.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const out = { isTTY, write: (text: string) => written.push(text) > 0 };
  return { line: new ProgressLine(out as unknown as NodeJS.WriteStream), written };
}

it('shows phases and progress on one line, and takes it away', () => {
  const { line, written } = terminal(true);
  line.show({ type: 'phase', phase: 'unpacking' });
  line.show({ type: 'progress', text: 'flake8' });
  line.clear();
  expect(written).toEqual(['\r\u001b[Kunpacking', '\r\u001b[Kflake8', '\r\u001b[K']);
});

it('is silent where nobody watches, and about what a sandbox logs', () => {
  const pipe = terminal(false);
  pipe.line.say('starting');
  pipe.line.clear();
  const watched = terminal(true);
  watched.line.show({ type: 'log', stream: 'stdout', text: 'noise' });
  expect([pipe.written, watched.written]).toEqual([[], []]);
});

it('lets no text of a sandbox drive the terminal or wrap', () => {
  const { line, written } = terminal(true);
  line.show({ type: 'progress', text: `\u001b[2J\n\u202e${'x'.repeat(300)}` });
  expect(written[0]?.slice(0, 10)).toBe('\r\u001b[K?[2J??');
  expect(written[0]?.length).toBeLessThan(80);
});
