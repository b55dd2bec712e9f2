import { mkdirSync, writeFileSync } from 'node:fs';

/** Every way that git has to run a program by its configuration, of those that work on a mere look. */
function configOf(marker: string): string {
  const run = `touch ${marker}`;
  return `[core]
\trepositoryformatversion = 0
\tbare = false
\tfsmonitor = "${run}; false"
\tsshCommand = ${run}
\thooksPath = hooks
\tpager = ${run}
\teditor = ${run}
[diff]
\texternal = ${run}
[diff "evil"]
\ttextconv = ${run}; cat
\tcommand = ${run}
[filter "evil"]
\tclean = ${run}; cat
\tsmudge = ${run}; cat
\trequired = true
[alias]
\tstatus = !${run}
[uploadpack]
\tpackObjectsHook = ${run}
`;
}

/**
 * Leaves repositories, and files that git reads of a work tree, by which git would make `marker`: hooks,
 * fsmonitor, filters, attributes, external diffs, alternates, submodules (CVE-2022-24765, CVE-2022-39253).
 */
export function leaveGit(marker: string): void {
  repositoryAt('.git', marker);
  repositoryAt('modules/.git', marker);
  // A bare repository needs no name: git finds it by what is in it.
  repositoryAt('bare', marker);
  writeFileSync('.gitattributes', '* filter=evil diff=evil\n');
  writeFileSync(
    '.gitmodules',
    `[submodule "modules"]\n\tpath = modules\n\turl = ext::sh -c touch% ${marker}\n\tupdate = !touch ${marker}\n`,
  );
}

function repositoryAt(folder: string, marker: string): void {
  for (const name of ['hooks', 'objects/info', 'refs', 'info'])
    mkdirSync(`${folder}/${name}`, { recursive: true });
  writeFileSync(`${folder}/HEAD`, 'ref: refs/heads/main\n');
  writeFileSync(`${folder}/refs/keep`, '');
  writeFileSync(`${folder}/config`, configOf(marker));
  writeFileSync(`${folder}/objects/info/alternates`, '/var/lib/sallyport/mirrors/1/objects\n');
  writeFileSync(`${folder}/info/attributes`, '* filter=evil diff=evil\n');
  for (const hook of ['post-checkout', 'post-index-change', 'pre-commit', 'fsmonitor-watchman'])
    writeFileSync(`${folder}/hooks/${hook}`, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
}
