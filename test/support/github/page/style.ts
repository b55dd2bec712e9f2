import { createHash } from 'node:crypto';

/** The only style of the pages. It is allowed by its digest, so an injected one would not apply. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #30363d); --soft: light-dark(#f6f8fa, #161b22);
  --muted: light-dark(#59636e, #9198a1); --good: light-dark(#1a7f37, #3fb950); --bad: light-dark(#d1242f, #f85149);
  --wait: light-dark(#9a6700, #d29922); --done: light-dark(#8250df, #ab7df8); }
body { font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; font-weight: 500; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h1 small, .muted { color: var(--muted); font-weight: 400; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .7rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
h3 { font-size: 1rem; margin: 0; }
h4, h5, h6 { margin: 1rem 0 .3rem; font-size: .95rem; }
code, pre, .path { font: 12.5px/1.45 ui-monospace, monospace; }
code { background: var(--soft); padding: .1em .3em; border-radius: 4px; }
pre { background: var(--soft); padding: .7rem; border-radius: 6px; overflow-x: auto; margin: .5rem 0; }
pre code { padding: 0; background: none; }
.card { border: 1px solid var(--line); border-radius: 6px; margin: .8rem 0; overflow: hidden; }
.card > header { background: var(--soft); padding: .5rem .9rem; border-bottom: 1px solid var(--line);
  display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; }
details.card > summary { padding: .5rem .9rem; cursor: pointer; } details.card > pre { margin: 0; border-radius: 0; }
.card > .body { padding: .6rem .9rem; overflow-wrap: anywhere; }
.badge { border-radius: 2em; padding: .1rem .65rem; font-size: .8rem; font-weight: 500; white-space: nowrap; color: light-dark(#fff, #0d1117); background: var(--muted); }
.open, .success { background: var(--good); } .closed, .failure, .timed_out { background: var(--bad); }
.merged { background: var(--done); } .action_required, .in_progress, .queued, .warning { background: var(--wait); }
.button { border: 1px solid var(--line); border-radius: 6px; padding: .15rem .7rem; background: var(--soft); font-weight: 500; }
table { border-collapse: collapse; margin: .5rem 0; width: 100%; font-size: .92em; }
thead th { background: var(--soft); font-weight: 600; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
blockquote { margin: .5rem 0; padding: 0 .9rem; border-left: 3px solid var(--line); color: var(--muted); }
.annotations td { overflow-wrap: normal; } .annotations .path { white-space: nowrap; max-width: 20rem; overflow-x: auto; }
.plain { white-space: pre-line; overflow-wrap: anywhere; }
.reaction { border: 1px solid var(--line); border-radius: 2em; padding: .1rem .6rem; font-size: .85rem; color: var(--muted); }
.checks a { color: inherit; text-decoration: none; margin-right: 1rem; }
.suggestion { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; margin: .5rem 0; }
.suggestion > p { margin: 0; padding: .25rem .7rem; background: var(--soft); border-bottom: 1px solid var(--line); font-size: .85rem; }
.suggestion > pre { margin: 0; border-radius: 0; }
.plus { color: var(--good); } .minus { color: var(--bad); } .commits { list-style: none; padding: 0; } .commits li { padding: .25rem 0; }
article article { margin-bottom: .4rem; } :target { outline: 2px solid var(--wait); outline-offset: 2px; }
.diff { padding: 0; } .diff span { display: block; padding: 0 .7rem; white-space: pre-wrap; }
.diff .add { background: light-dark(#dafbe1, #12261e); } .diff .del { background: light-dark(#ffebe9, #2d1214); }
.diff .hunk { color: var(--muted); }
ul, ol { padding-left: 1.4rem; margin: .4rem 0; }
a { color: light-dark(#0969da, #4493f8); }
`;

const DIGEST = createHash('sha256').update(STYLE).digest('base64');

/**
 * No script, no frame, no form, no picture, and no style but the one above: the pages show hostile text.
 * `sandbox` also stops what no other directive does: a `meta` that leads the browser elsewhere.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};
