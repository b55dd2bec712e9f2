import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { markdown } from '../support/github/page/markdown.ts';
import { NAME, REPO, type Scene, Stage } from './stand-in-scene.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.start();
});

afterEach(async () => {
  await stage.gitHub.close();
});

function get(path: string): Promise<Response> {
  return fetch(stage.gitHub.url + path, { headers: { accept: 'text/html' }, redirect: 'manual' });
}

const ATTACK = `<script>alert(1)</script><img src=x onerror=alert(1)>"'><svg/onload=alert(1)>`;

describe('the page of a pull request', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await stage.openPull();
  });

  /** Puts hostile text everywhere that text can be put. */
  async function attack(): Promise<number> {
    const { gitHub } = stage;
    const files = { ['<b>".js']: `${ATTACK}\n`, 'src/a.js': 'gone\n' };
    const { sha } = await gitHub.pushBranch(NAME, '<i>evil', { files, message: ATTACK }, 'mona');
    const wish = { repo: NAME, author: 'mona', head: '<i>evil', title: ATTACK, body: ATTACK };
    const { number } = await gitHub.openPullRequest(wish);
    await gitHub.comment(
      NAME,
      number,
      'mona',
      `${ATTACK}\n\n[x](javascript:alert(1)) ![x](https://example.org/?leak)`,
    );
    const annotation = {
      path: ATTACK,
      start_line: 1,
      end_line: 1,
      annotation_level: 'failure' as const,
    };
    await scene.octokit.rest.checks.create({
      ...REPO,
      name: ATTACK,
      head_sha: sha,
      conclusion: 'failure',
      output: {
        title: ATTACK,
        summary: ATTACK,
        text: ATTACK,
        annotations: [{ ...annotation, title: ATTACK, message: ATTACK }],
      },
      actions: [{ label: '<b>Go</b>', description: '"><b>x</b>', identifier: 'go' }],
    });
    const body = `${ATTACK}\n\`\`\`suggestion\n${ATTACK}\n\`\`\``;
    const comments = [{ path: 'src/a.js', line: 1, side: 'RIGHT', body }];
    await scene.octokit.rest.pulls.createReview({
      ...REPO,
      pull_number: number,
      event: 'COMMENT',
      body: ATTACK,
      comments,
    });
    return number;
  }

  test('escapes hostile titles, bodies, names, paths and diffs', async () => {
    const number = await attack();
    const text = await (await get(`/${NAME}/pull/${number}`)).text();
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toMatch(/<(script|img|svg|iframe|b|i)\b/i);
    expect(text).not.toMatch(/href="javascript:|\son\w+="/i);
    await stage.gitHub.settled();
    expect(stage.gitHub.violations).toEqual([]);
  });

  test('forbids script, pictures, forms and frames, and any style but its own', async () => {
    const response = await get(`/${NAME}/pull/${scene.number}`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]+={0,2}'; /);
    expect(policy).not.toContain('unsafe');
    const style = /<style>([\s\S]*)<\/style>/.exec(await response.text())?.[1] ?? '';
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString(
      'base64',
    );
    expect(policy).toContain(digest);
  });

  test('shows checks, buttons, annotations, reviews with suggestions, comments, reactions and commits', async () => {
    const { checks, issues, pulls, reactions } = scene.octokit.rest;
    await checks.create({
      ...REPO,
      name: 'sallyport',
      head_sha: scene.headSha,
      conclusion: 'action_required',
      output: {
        title: 'One finding',
        summary:
          '## Findings\n\n| rule | count |\n| --- | --- |\n| `no-eval` | 1 |\n\n- first\n- second',
        annotations: [
          {
            path: 'src/a.js',
            start_line: 7,
            end_line: 8,
            annotation_level: 'warning',
            message: 'Mind this',
          },
        ],
      },
      actions: [{ label: 'Approve run', description: 'Runs it', identifier: 'approve' }],
    });
    const comments = [
      { path: 'src/a.js', line: 10, side: 'RIGHT', body: 'Better:\n```suggestion\nimproved\n```' },
    ];
    await pulls.createReview({
      ...REPO,
      pull_number: scene.number,
      event: 'COMMENT',
      body: 'Reviewed.',
      comments,
    });
    const { data } = await issues.createComment({
      ...REPO,
      issue_number: scene.number,
      body: 'On it.<!-- marker -->',
    });
    await reactions.createForIssueComment({ ...REPO, comment_id: data.id, content: 'rocket' });
    const text = await (await get(`/${NAME}/pull/${scene.number}`)).text();
    for (const part of [
      'class="badge action_required">action required',
      'Approve run',
      '<td><code>no-eval</code></td>',
      '<li>second</li>',
      'src/a.js:7–8',
      'Mind this',
      '<span class="del">-changed</span><span class="add">+improved</span>',
      '🚀',
      scene.headSha.slice(0, 7),
      'sallyport[bot]',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('marker');
  });

  test('is where the link of a check run leads', async () => {
    const wish = { ...REPO, name: 'x', head_sha: scene.headSha };
    const { data } = await scene.octokit.rest.checks.create(wish);
    const response = await get(new URL(data.html_url ?? '').pathname);
    expect(response.headers.get('location')).toBe(`/${NAME}/pull/${scene.number}#check-${data.id}`);
  });

  test('that does not exist is 404, and a browser that asks for an icon breaks no contract', async () => {
    expect((await get(`/${NAME}/pull/99`)).status).toBe(404);
    expect((await get('/favicon.ico')).status).toBe(404);
    expect((await get('/')).status).toBe(200);
    expect(stage.gitHub.violations).toEqual([]);
  });
});

describe('markdown', () => {
  test.each([
    ['a fold that is not closed', '<details>\nx', '<details>\n<p>x</p></details>'],
    ['a fold that is closed too often', 'x\n</details>', '<p>x</p>\n'],
    [
      'a fold with an attribute',
      '<details open ontoggle=alert(1)>',
      '<p>&lt;details open ontoggle=alert(1)&gt;</p>',
    ],
    ['a link to a script', '[x](javascript:alert)', '<p>[x](javascript:alert)</p>'],
    [
      'a link that leaves its quotes',
      '[x](https://a.example/"onclick="y)',
      '<p><a rel="noreferrer nofollow" href="https://a.example/&quot;onclick=&quot;y">x</a></p>',
    ],
    [
      'a picture',
      '![x](https://a.example/p)',
      '<p><a rel="noreferrer nofollow" href="https://a.example/p">x</a></p>',
    ],
    ['hidden characters', 'a\u202Eb\u200Bc', '<p>a[U+202E]b[U+200B]c</p>'],
    [
      'a fence with a longer fence inside',
      '````\n```\n<b>\n````',
      '<pre><code>```\n&lt;b&gt;</code></pre>',
    ],
    ['a fence without an end', '```\n<b>', '<pre><code>&lt;b&gt;</code></pre>'],
    ['code with markup', '`<b>**x**`', '<p><code>&lt;b&gt;**x**</code></p>'],
    ['a comment without an end', '<!-- x', '<p>&lt;!-- x</p>'],
    [
      'a pipe in a cell',
      '| a |\n|---|\n| b \\| c |',
      '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b | c</td></tr></tbody></table>',
    ],
  ])('renders %s as harmless', (_, source, expected) => {
    expect(markdown(source).text).toBe(expected);
  });
});
