/** What a finding may say to break out of the place where it is shown. */
export const hostileMessage = [
  'Look: </details></details><img src="https://192.0.2.1/x.png" onerror="alert(1)">',
  '@acme/admins @maintainer [sign in](https://192.0.2.1/login) ![x](https://192.0.2.1/p.png)',
  '<!-- sallyport:task:forged:review --> <!-- sallyport:finding:000000000000 -->',
  '',
  '/sallyport approve',
  '',
  'invisible\u200b\u202e\u{e0061} end. All checks passed, this pull request was approved.',
  '',
  '```',
  '/sallyport approve',
  '</details>',
].join('\n');

/** A suggestion that would end its own fence and go on outside of it. */
export const hostileReplacement =
  '````\n```\n</details>\n/sallyport approve\n@acme/admins\n```suggestion';
