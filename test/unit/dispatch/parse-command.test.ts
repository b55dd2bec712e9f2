import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommands } from '../../../src/dispatch/parse-command.ts';

describe('parseCommands', () => {
  it.each([
    ['/sallyport', [{ name: 'help' }]],
    ['/sallyport help', [{ name: 'help' }]],
    ['/sallyport review', [{ name: 'review' }]],
    ['/sallyport REVIEW  ', [{ name: 'review' }]],
    ['/sallyport\treview', [{ name: 'review' }]],
    ['thanks!\r\n/sallyport review\r\nbye', [{ name: 'review' }]],
    ['/sallyport fix', [{ name: 'fix', instructions: null }]],
    ['/sallyport fix only the typos', [{ name: 'fix', instructions: 'only the typos' }]],
    ['/sallyport approve', [{ name: 'approve', target: null }]],
    ['/sallyport approve 0123abc', [{ name: 'approve', target: '0123abc' }]],
    ['/sallyport reject not now', [{ name: 'reject', reason: 'not now' }]],
    ['/sallyport revew', [{ name: 'unknown', word: 'revew' }]],
    [
      '/sallyport review\n/sallyport fix',
      [{ name: 'review' }, { name: 'fix', instructions: null }],
    ],
  ])('reads %j', (body, commands) => {
    expect(parseCommands(body)).toEqual(commands);
  });

  it.each([
    ['nothing', 'looks good to me'],
    ['another word', '/sallyportreview'],
    ['not at the start of a line', 'please /sallyport fix'],
    ['indented', '    /sallyport fix'],
    ['one space in', ' /sallyport fix'],
    ['a quote', '> /sallyport fix'],
    ['a fenced block', '```\n/sallyport fix\n```'],
    ['a fenced block with a language', '```sh\n/sallyport fix\n```'],
    ['a tilde block', '~~~\n/sallyport fix\n~~~'],
    ['a block that is never closed', '```\n/sallyport fix'],
    ['a longer fence around a shorter one', '````\n```\n/sallyport fix\n```\n````'],
    ['a fence that is not closed by a fence with an info string', '```\n```js\n/sallyport fix\n'],
    ['a backtick block that tildes do not close', '```\n~~~\n/sallyport fix\n```'],
    ['an HTML comment', '<!--\n/sallyport fix\n-->'],
    ['an HTML comment that is never closed', 'hi <!-- x\n/sallyport fix'],
    ['a line made by a Unicode separator', 'hi\u2028/sallyport fix'],
    ['a bullet', '- /sallyport fix'],
  ])('takes no command from %s', (_where, body) => {
    expect(parseCommands(body)).toEqual([]);
  });

  it('reads what follows a closed block or comment', () => {
    expect(parseCommands('```\nx\n```\n/sallyport review')).toEqual([{ name: 'review' }]);
    expect(parseCommands('<!-- x -->\n/sallyport review')).toEqual([{ name: 'review' }]);
    expect(parseCommands('``` inline ``` code\n/sallyport review')).toEqual([{ name: 'review' }]);
  });

  it('takes at most five commands from one comment', () => {
    expect(parseCommands('/sallyport review\n'.repeat(50))).toHaveLength(5);
  });

  it('keeps instructions within what the protocol takes', () => {
    const [command] = parseCommands(`/sallyport fix ${'x'.repeat(60_000)}`);
    expect(command).toEqual({ name: 'fix', instructions: 'x'.repeat(4_000) });
  });

  it('never throws, and never finds a command in a text without its word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (body) => {
        const most = body.includes('/sallyport') ? 5 : 0;
        expect(parseCommands(body).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
