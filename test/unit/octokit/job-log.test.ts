import { describe, expect, it } from 'vitest';
import { type ExpectedRequest, mockServer } from '../../support/nock.ts';
import { makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
// Not https: where nock's answer over it is left unread, OpenSSL keeps an error that the next key to
// be read fails of.
const storage = mockServer('http://logs.example');
const path = `${repoPath}/actions/jobs/900/logs`;

function expectAddress(location: string): void {
  server.expects(mint({ actions: 'read' }));
  server.expects({ method: 'GET', path, status: 302, answerHeaders: { location } });
}

/** What the log of job 900 comes to, where storage has this. */
async function read(stored: Partial<ExpectedRequest>) {
  expectAddress('http://logs.example/900?sig=a');
  const sent = storage.expects({ method: 'GET', path: '/900?sig=a', ...stored });
  return { log: await makeGitHub().checkRuns.jobLog(repository, 900), sent };
}

describe('the log of a job', () => {
  it('is read where GitHub says that it is, without the token, times and colours', async () => {
    const time = '2026-03-04T12:00:00.1234567Z';
    const { log, sent } = await read({
      text: `\ufeff${time} npm test\r\n${time} \u001b[31;1mnot ok\u001b[0m 3\r\n${time} \r\n`,
    });
    expect(log).toEqual({ text: 'npm test\r\nnot ok 3' });
    expect(sent).toHaveProperty('authorization', undefined);
  });

  it('is whole lines of its end', async () => {
    const { log } = await read({ text: `first\n${'é'.repeat(99)}\n`.repeat(500) });
    const text = 'text' in log ? log.text : '';
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16 * 1024);
    expect(Buffer.byteLength(text)).toBeGreaterThan(15 * 1024);
    expect(new Set(text.split('\n'))).toEqual(new Set(['first', 'é'.repeat(99)]));
  });

  it('is not gone through to its end where that is far', async () => {
    const { log } = await read({ text: 'x'.repeat(32 * 1024 * 1024 + 1) });
    expect(log).toEqual({ unread: 'too-large' });
  });

  it.each([
    [{ status: 403 }],
    // Nobody is led on from there.
    [{ status: 302, answerHeaders: { location: 'http://logs.example/other' } }],
    [{ breaks: true }],
  ])('is not there where storage answers with %j', async (stored) => {
    expect((await read(stored)).log).toEqual({ unread: 'storage' });
  });

  it.each(['file:///etc/passwd', '/900'])('is not read at %s', async (location) => {
    expectAddress(location);
    expect(await makeGitHub().checkRuns.jobLog(repository, 900)).toEqual({ unread: 'storage' });
  });

  it('is not read without the permission, nor when it is gone, and asked for again else', async () => {
    const { checkRuns } = makeGitHub({ maxRetries: 0 });
    server.expects({ ...mint({ actions: 'read' }), status: 422 });
    expect(await checkRuns.jobLog(repository, 900)).toEqual({ unread: 'permission' });
    server.expects(mint({ actions: 'read' }));
    server.expects({ method: 'GET', path, status: 410 });
    expect(await checkRuns.jobLog(repository, 900)).toEqual({ unread: 'gone' });
    server.expects({ method: 'GET', path, status: 502 });
    await expect(checkRuns.jobLog(repository, 900)).rejects.toMatchObject({
      code: 'github.unavailable',
    });
  });
});
