import { describe, expect, it } from 'vitest';
import { honestImage, hostileImage, postsResult } from '../support/sandbox/hostile-image.ts';
import { repo, startSystem } from './system.ts';

/** Put together here, so that no scanner finds a token in this file. */
const token = ['ghp', 'q7Zr2KdW9xLm4Tb8Vc1Nf6Hj3Gs5Py0RkEaU'].join('_');
const finding = {
  tool: 'linter',
  rule: 'found',
  severity: 'error',
  path: 'src/track.js',
  message: `the token is ${token}`,
};
const result = (findings: readonly object[], changes: readonly object[] = []): string =>
  JSON.stringify({
    protocol: 2,
    agent: { exitCode: 0, signal: null, timedOut: false },
    report: { findings, tools: [], toolErrors: [] },
    reportError: null,
    changes,
  });
const write = { kind: 'write', path: 'notes.md', executable: false, bytes: token.length };

/** As `postsResult`, with the process record that a run must have. */
const recorded = (body: string): string =>
  postsResult(body)
    .replace(
      'const post = ',
      `const events = session.request({ ':path': '/v1/events', ':method': 'POST', ':authority': 'sallyport.internal' });
  events.resume();
  events.end('{"type":"exec-end","execs":1,"processes":1,"dropped":0}\\n');
  await new Promise((resolve) => events.on('close', resolve));
  const post = `,
    )
    .replace("input.on('end', () => {", "input.on('end', async () => {");

/** Reports the canary that came with its input. */
const showsCanary = recorded(`${result([{ ...finding, message: '@CANARY@' }])}\n`)
  .replace(
    'input.resume();',
    "let canary = ''; input.on('response', (headers) => { canary = headers['sallyport-canary']; }); input.resume();",
  )
  .replace(/post\.end\((.*)\);/, "post.end($1.replace('@CANARY@', canary));");

describe('a sandbox that hands out a secret', () => {
  it.each([
    ['a token in a finding', recorded(`${result([finding])}\n`), 'github-token', 'finding'],
    ['a token in a file', recorded(`${result([], [write])}\n${token}`), 'github-token', 'patch'],
    ['its canary', showsCanary, 'canary', 'finding'],
  ])('shows nothing of it, and says so: %s', async (name, program, rule, where) => {
    const tag = name.replaceAll(' ', '-');
    const system = await startSystem({ env: await honestImage(tag) });
    try {
      await hostileImage(tag, program);
      const { number, headSha } = await system.openSample();
      const check = await system.concluded(headSha);
      expect(check.conclusion).toBe('failure');
      expect(check.output.summary).toContain('incident:secret-in-output');
      expect(JSON.stringify(check)).not.toContain(token);
      expect(system.standIn.reviews(repo, number)).toEqual([]);
      const ledger = await system.ledger(check);
      expect(ledger.verified).toBe(true);
      const incident = ledger.entries.find((entry) => entry.type === 'incident.raised');
      expect(incident?.data).toMatchObject({ rule, where });
      expect(JSON.stringify(ledger.entries)).not.toContain(token);
      expect(system.standIn.violations).toEqual([]);
    } finally {
      await system.stop();
    }
  });
});
