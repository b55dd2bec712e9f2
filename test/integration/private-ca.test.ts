import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import { readCaFile } from '../../src/adapters/net/ca-file.ts';
import { OctokitGitHub } from '../../src/adapters/octokit/octokit-github.ts';
import { fetchTrusting } from '../../src/adapters/octokit/trusting-fetch.ts';
import { CommitSha } from '../../src/domain/ids.ts';
import { makeAuthority, type PrivateAuthority, serveTls } from '../support/private-authority.ts';
import { neverAborted, roomyLimits } from '../support/pull-snapshot.ts';
import { temporaryFolder } from '../support/repositories.ts';
import { type AdapterStage, endAdapterStage, startAdapterStage } from './octokit-scene.ts';

const Doctor = z.object({
  checks: z.array(z.object({ name: z.string(), state: z.string(), says: z.string() })),
});
const silent = (): undefined => undefined;

/** A GitHub Enterprise Server behind TLS, whose certificate is of an authority that this machine does not know. */
describe('a GitHub with a private authority', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let ours: PrivateAuthority;
  let foreign: PrivateAuthority;
  let other: PrivateAuthority;
  let at: AdapterStage;
  let front: Awaited<ReturnType<typeof serveTls>>;
  let misnamed: Awaited<ReturnType<typeof serveTls>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    ours = await makeAuthority(join(folder.path, 'ours'));
    foreign = await makeAuthority(join(folder.path, 'foreign'));
    other = await makeAuthority(join(folder.path, 'other'), 'DNS:github.example.org');
    at = await startAdapterStage({ ghes: '3.17' });
    const port = Number(new URL(at.stage.gitHub.url).port);
    front = await serveTls(ours, port);
    misnamed = await serveTls(other, port);
  });

  afterAll(async () => {
    await front[Symbol.asyncDispose]();
    await misnamed[Symbol.asyncDispose]();
    await endAdapterStage(at);
    await folder[Symbol.asyncDispose]();
  });

  function gitHub(serverUrl: string, caFile: string | null): OctokitGitHub {
    return new OctokitGitHub({
      appId: at.stage.gitHub.world.app.id,
      privateKey: at.stage.gitHub.appPrivateKey,
      apiUrl: `${serverUrl}/api/v3`,
      serverUrl,
      ...(caFile === null ? {} : { fetch: fetchTrusting(readCaFile(caFile)) }),
      clock: { nowMs: () => at.stage.clock.nowMs },
      log: { info: silent, warn: silent, error: silent },
      maxRetries: 0,
    });
  }

  const pull = (url: string, caFile: string | null) =>
    gitHub(url, caFile).pullRequests.get(at.repository, at.scene.number);

  /** Fetches the pull request into a mirror of its own, with the token that the App has for it. */
  async function fetched(url: string, caFile: string | null): Promise<CommitSha> {
    const { baseSha, headSha } = await pull(front.url, ours.caFile);
    const source = new GitSource({ mirrorsDir: join(folder.path, crypto.randomUUID()), caFile });
    const token = gitHub(front.url, ours.caFile).sourceOf(at.repository).token;
    const location = { mirrorKey: 'r1', url: `${url}/acme/widget.git`, token };
    const commits = { headSha, baseSha: CommitSha.parse(baseSha) };
    return (await source.snapshot(location, commits, roomyLimits, neverAborted)).headSha;
  }

  it('is reached by the API and by git when its authority is given', async () => {
    expect((await pull(front.url, ours.caFile)).headSha).toBe(at.headSha);
    expect(await fetched(front.url, ours.caFile)).toBe(at.headSha);
  });

  it('is sent long bodies whole', async () => {
    const place = { number: at.scene.number, threadId: null };
    const body = 'é'.repeat(30_000);
    const id = await gitHub(front.url, ours.caFile).conversations.comment(
      at.repository,
      place,
      body,
    );
    const said = at.stage.gitHub.issueComments('acme/widget', at.scene.number);
    expect(said.find((one) => one.id === id)?.body).toBe(body);
  });

  it.each([
    ['no authority is given', () => [front.url, null] as const],
    ['another is given', () => [front.url, foreign.caFile] as const],
    ['its certificate is for another host', () => [misnamed.url, other.caFile] as const],
  ])('is trusted by neither when %s', async (_, place) => {
    const [url, caFile] = place();
    const before = at.stage.gitHub.requests.length;
    await expect(pull(url, caFile)).rejects.toMatchObject({ code: 'github.unavailable' });
    expect(at.stage.gitHub.requests.length).toBe(before);
    await expect(fetched(url, caFile)).rejects.toMatchObject({ code: 'git.failed' });
    expect(at.stage.gitHub.requests.slice(before).some(({ path }) => /info\/refs/.test(path))).toBe(
      false,
    );
  });

  it.each([
    ['answers', 'its authority is given', () => ours.caFile, 'ok'],
    ['does not answer', 'another is given', () => foreign.caFile, 'fault'],
    ['cannot be asked', 'the file holds none', () => ours.keyFile, 'fault'],
  ])('%s, says the doctor, when %s', async (_says, _when, caFile, expected) => {
    // The doctor takes any answer for one, and asks for the root, which the App never does.
    await using any = await serveHttp((_req, res) => void res.end());
    await using secured = await serveTls(ours, any.port);
    const { status, says } = await githubCheck({
      APP_ID: '1',
      PRIVATE_KEY: at.stage.gitHub.appPrivateKey,
      WEBHOOK_SECRET: at.stage.gitHub.webhookSecret,
      GITHUB_API_URL: `${secured.url}/api/v3`,
      GITHUB_CA_FILE: caFile(),
      SALLYPORT_DATA: join(folder.path, 'data'),
      // The doctor is asked about one thing: without an engine it has done soon.
      DOCKER_HOST: `unix://${join(folder.path, 'none.sock')}`,
    });
    expect([status, says]).toEqual([expected, expect.stringMatching(/answer|GITHUB_CA_FILE/)]);
  });
});

async function serveHttp(answer: RequestListener) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What `sallyport doctor` says of GitHub. */
async function githubCheck(env: Record<string, string>) {
  const child = spawn(process.execPath, ['src/main.ts', 'doctor', '--json'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { checks } = Doctor.parse(JSON.parse(await text(child.stdout)));
  const { state, says } = checks.find(({ name }) => name === 'github') ?? {};
  return { status: state, says };
}
