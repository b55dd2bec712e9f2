import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAME, REPO, type Scene, Stage } from '../integration/stand-in-scene.ts';
import { Browser } from '../support/browser/browser.ts';
import type { BrowserPage } from '../support/browser/page.ts';
import { PAGE_HEADERS } from '../support/github/page/style.ts';

/** Each way sets the same marker, so that one look tells whether any of them worked. */
const MARK = "document.documentElement.dataset.ran='yes'";
const ATTACKS = [
  `<script>${MARK}</script>`,
  `<img src=x onerror="${MARK}">`,
  `"'><svg/onload=${MARK}>`,
  `<iframe srcdoc="<script>parent.${MARK}</script>"></iframe>`,
  `<a href="javascript:${MARK}" autofocus onfocus="${MARK}">x</a>`,
  '<style>body{display:none}</style><meta http-equiv=refresh content="0;url=/gone"><base href="/gone">',
];
const ATTACK = ATTACKS.join(' ');
const MARKDOWN_ATTACK = `${ATTACK}

[a](javascript:${MARK}) ![b](http://127.0.0.1:1/leak.png) [c](data:text/html,${ATTACKS[0]})
<details ontoggle="${MARK}" open>

| a | ${ATTACK} |
| --- | --- |
| right\u202Eleft | zero\u200Bwidth |

</details></article></body>

\`\`\`\`html
\`\`\`
${ATTACK}`;

/** Puts hostile text everywhere that text can be put. */
async function attack({ gitHub }: Stage, { octokit }: Scene): Promise<number> {
  const files = { '<b>".js': `${ATTACK}\n`, 'src/a.js': `${ATTACK}\n` };
  const source = { files, message: ATTACK };
  const { sha } = await gitHub.pushBranch(NAME, '<i>evil', source, 'mona');
  const wish = { repo: NAME, author: 'mona', head: '<i>evil' };
  const pull = await gitHub.openPullRequest({ ...wish, title: ATTACK, body: MARKDOWN_ATTACK });
  await gitHub.comment(NAME, pull.number, 'mona', MARKDOWN_ATTACK);
  await octokit.rest.checks.create({
    ...REPO,
    name: ATTACK,
    head_sha: sha,
    conclusion: 'failure',
    output: {
      title: ATTACK,
      summary: MARKDOWN_ATTACK,
      text: MARKDOWN_ATTACK,
      annotations: [
        {
          path: ATTACK,
          start_line: 1,
          end_line: 1,
          annotation_level: 'failure',
          // 255 characters at most, says GitHub.
          title: ATTACKS.slice(0, 3).join(' '),
          message: MARKDOWN_ATTACK,
        },
      ],
    },
    actions: [{ label: '<b>Go</b>', description: '"><b>x</b>', identifier: 'go' }],
  });
  const suggestion = `${MARKDOWN_ATTACK}\n\`\`\`\`\n\`\`\`suggestion\n${ATTACK}\n\`\`\``;
  await octokit.rest.pulls.createReview({
    ...REPO,
    pull_number: pull.number,
    event: 'COMMENT',
    body: MARKDOWN_ATTACK,
    comments: [{ path: 'src/a.js', line: 1, side: 'RIGHT', body: suggestion }],
  });
  return pull.number;
}

/** What a reviewing App leaves on a pull request. */
async function review({ octokit, headSha, number }: Scene): Promise<void> {
  const { checks, issues, pulls, reactions } = octokit.rest;
  await checks.create({
    ...REPO,
    name: 'sallyport',
    head_sha: headSha,
    conclusion: 'action_required',
    output: {
      title: 'One finding',
      summary: '## Findings\n\n| rule | count |\n| --- | --- |\n| `no-eval` | 1 |',
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
  const body = 'Better:\n```suggestion\nimproved\n```';
  await pulls.createReview({
    ...REPO,
    pull_number: number,
    event: 'COMMENT',
    body: 'Reviewed.',
    comments: [{ path: 'src/a.js', line: 10, side: 'RIGHT', body }],
  });
  const comment = { ...REPO, issue_number: number, body: 'On **it**.<!-- marker -->' };
  const { data } = await issues.createComment(comment);
  await reactions.createForIssueComment({ ...REPO, comment_id: data.id, content: 'rocket' });
}

describe('the page of a pull request in a real browser', () => {
  let browser: Browser;
  let stage: Stage;
  let scene: Scene;

  beforeAll(async () => {
    [browser, stage] = await Promise.all([Browser.start(), Stage.start()]);
    scene = await stage.openPull();
  });

  afterAll(async () => {
    await browser.close();
    await stage.gitHub.close();
  });

  const ran = (page: BrowserPage): Promise<unknown> =>
    page.evaluate('document.documentElement.dataset.ran ?? null');

  it('shows checks, annotations, suggestions, comments, reactions and commits', async () => {
    await review(scene);
    const page = await browser.open(`${stage.gitHub.url}/${NAME}/pull/${scene.number}`);
    expect(await page.texts('h1')).toEqual([`Change two places #${scene.number}`]);
    expect(await page.texts('[id^=check-] > header .badge')).toEqual(['action required']);
    expect(await page.texts('[id^=check-] .button')).toEqual(['Approve run']);
    expect(await page.texts('[id^=check-] .annotations tbody td')).toEqual([
      'warning',
      'src/a.js:7–8',
      'Mind this',
    ]);
    expect(await page.texts('[id^=pullrequestreview-] .suggestion span')).toEqual([
      '-changed',
      '+improved',
    ]);
    expect(await page.texts('[id^=issuecomment-] .body p')).toEqual([
      'On it.',
      '🚀 sallyport[bot]',
    ]);
    expect((await page.texts('.commits li')).join()).toContain(scene.headSha.slice(0, 7));
    expect(page.refusals).toEqual([]);
  });

  it('wears its own style, which is allowed by nothing but its digest', async () => {
    const page = await browser.open(`${stage.gitHub.url}/${NAME}/pull/${scene.number}`);
    const colour = "getComputedStyle(document.querySelector('.badge.open')).backgroundColor";
    expect(await page.evaluate(colour)).toBe('rgb(26, 127, 55)');
  });

  it('runs no script, loads nothing and goes nowhere, whatever people have written', async () => {
    const number = await attack(stage, scene);
    const address = `${stage.gitHub.url}/${NAME}/pull/${number}`;
    const page = await browser.open(address);
    expect(await ran(page)).toBeNull();
    expect(page.requests).toEqual([address]);
    // Nothing got as far as being refused: the text is text, the policy only stands behind it.
    expect(page.refusals).toEqual([]);
    const active =
      'script, img, svg, iframe, object, embed, form, base, meta[http-equiv], body style';
    expect(await page.texts(active)).toEqual([]);
    const attributes =
      '[...document.querySelectorAll("*")].flatMap((e) => [...e.attributes].map((a) => a.name))';
    const allowed = /^(lang|charset|name|content|class|id|title|href|rel|datetime|open)$/;
    for (const name of (await page.evaluate(attributes)) as string[]) expect(name).toMatch(allowed);
    const links = await page.evaluate('[...document.links].map((a) => a.protocol)');
    expect(new Set(links as string[])).toEqual(new Set(['http:']));
  });

  it('shows hostile text as text, hidden characters by name, and lets nothing swallow the rest', async () => {
    const number = await attack(stage, scene);
    const page = await browser.open(`${stage.gitHub.url}/${NAME}/pull/${number}`);
    expect(await page.texts('h1')).toEqual([`${ATTACK} #${number}`]);
    const text = (await page.texts('body')).join();
    expect(text).toContain('right[U+202E]left');
    expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/u);
    // Unbalanced fences and tags stay inside their own card: every later section is a child of the body.
    const sections = await page.texts('body > section > h2');
    expect(sections.map((title) => title.split(' ')[0])).toEqual([
      'Conversation',
      'Checks',
      'Commits',
      'Files',
    ]);
    expect(await page.texts('.suggestion span')).toEqual([`-${ATTACK}`, `+${ATTACK}`]);
  });

  describe('were a value not escaped', () => {
    it.each([
      ['the policy of the pages stops it', PAGE_HEADERS, null],
      ['without that policy it would run', { 'content-type': 'text/html' }, 'yes'],
    ])('%s', async (_, headers, expected) => {
      const server = createServer((_req, res) => {
        // Without the last, which leaves the page: a page that goes away cannot be asked.
        const attacks = ATTACKS.slice(0, -1).join(' ');
        res.writeHead(200, headers).end(`<!doctype html><html><body>${attacks}`);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const { port } = server.address() as AddressInfo;
        const page = await browser.open(`http://127.0.0.1:${port}/`);
        expect(await ran(page)).toBe(expected);
        expect(page.refusals.length > 0).toBe(expected === null);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });
  });
});
