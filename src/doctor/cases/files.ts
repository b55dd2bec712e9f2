import { hasCode } from '../../errors.ts';
import type { WorkspaceChange } from '../../protocol/result.ts';
import {
  broken,
  held,
  loudCase,
  type Observed,
  type SandboxCase,
  type Verdict,
} from '../attack-case.ts';

const given = { 'given.txt': 'given\n' };

type Refused = Extract<WorkspaceChange, { kind: 'refused' }>;

/** Held when nothing but refusals came back, these among them. */
function judgeRefused(expected: Readonly<Record<string, Refused['reason']>>) {
  return ({ result, error }: Observed): Verdict => {
    if (result === undefined) return broken(`there is no result: ${textOf(error)}`);
    const { changes } = result.manifest;
    const taken = changes.filter((change) => change.kind !== 'refused');
    if (taken.length > 0) return broken(`taken: ${taken.map(({ path }) => path).join(', ')}`);
    const missing = Object.entries(expected).filter(
      ([path, reason]) =>
        !changes.some(
          (one) => one.kind === 'refused' && one.path === path && one.reason === reason,
        ),
    );
    if (missing.length > 0) return broken(`not refused: ${missing.map(([p]) => p).join(', ')}`);
    return held(
      `${changes.length} refused by name: ${[...new Set(Object.values(expected))].join()}`,
    );
  };
}

function judgeHardLink({ result, facts }: Observed): Verdict {
  if (result === undefined) return broken('there is no result');
  if (facts['out'] === 0) return broken('a link to a file of the image was made');
  const bytes = result.files.get('hard-link' as never);
  const isCopy = bytes !== undefined && Buffer.from(bytes).toString() === given['given.txt'];
  return isCopy ? held('comes back as a plain copy') : broken('comes back as something else');
}

function judgeDevice({ result, facts }: Observed): Verdict {
  if (result === undefined) return broken('there is no result');
  const { changes } = result.manifest;
  if (facts['made'] === false && changes.length === 0) return held('cannot be made');
  const [change] = changes;
  const isRefused = change?.kind === 'refused' && change.reason === 'special-file';
  return isRefused ? held('refused by name: special-file') : broken('a device node was made');
}

function judgeLimit(name: string) {
  return ({ error, result }: Observed): Verdict => {
    if (result !== undefined) return broken('it was taken');
    const isNamed = hasCode(error, 'result.limit') && error.message.includes(name);
    return isNamed ? held(`ended by name: ${name}`) : broken(`ended by ${textOf(error)}`);
  };
}

function judgeDaemon({ result, exit }: Observed): Verdict {
  if (result === undefined) return broken('there is no result');
  const ticks = result.manifest.changes.find(({ path }) => path === 'ticks');
  if (ticks === undefined) return broken('the daemon did not run');
  if (exit.exitCode !== 0) return broken(`the sandbox ended with ${exit.exitCode}`);
  return held('dead before its file was read; the sandbox ended by itself');
}

function judgeReport({ result, error }: Observed): Verdict {
  if (result === undefined) return broken(`there is no result: ${textOf(error)}`);
  const { report, reportError } = result.manifest;
  return report === null ? held(`no report: ${String(reportError)}`) : broken('taken for a report');
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const deepest = Array.from({ length: 101 }, () => 'deep').join('/');
const setup = { head: given };
const leftover = (id: string, title: string, judge: SandboxCase['judge']): SandboxCase =>
  loudCase(id, title, { judge, setup });

/** What a sandbox may leave behind to hurt whoever takes it. */
export const fileCases: readonly SandboxCase[] = [
  leftover(
    'files.symlink',
    'leave links that lead out',
    judgeRefused({
      'link-file': 'symlink',
      'link-folder': 'symlink',
      'link-up': 'symlink',
      'given.txt': 'symlink',
    }),
  ),
  leftover('files.hard-link', 'leave a hard link', judgeHardLink),
  leftover(
    'files.fifo',
    'leave a pipe that hangs its reader',
    judgeRefused({ pipe: 'special-file', 'given.txt': 'special-file' }),
  ),
  leftover('files.socket', 'leave a socket', judgeRefused({ socket: 'special-file' })),
  leftover('files.device', 'leave a device node', judgeDevice),
  leftover(
    'files.unreadable',
    'leave what cannot be read',
    judgeRefused({ closed: 'unreadable', shut: 'unreadable' }),
  ),
  leftover(
    'files.odd-names',
    'leave .git in another spelling',
    judgeRefused({
      '.git ': 'bad-path',
      '.git.': 'bad-path',
      '.git::$INDEX_ALLOCATION': 'bad-path',
      '.g\u200cit': 'bad-path',
      'GIT~1': 'bad-path',
      'a\u00ff': 'bad-path',
    }),
  ),
  leftover(
    'files.git-folder',
    'leave a .git whose hooks run on the host',
    judgeRefused({ '.git': 'bad-path', 'sub/.GIT': 'bad-path', 'git~1': 'bad-path' }),
  ),
  leftover(
    'files.setuid-bit',
    'leave setuid, setgid and sticky files',
    judgeRefused({ setuid: 'mode', setgid: 'mode', sticky: 'mode' }),
  ),
  leftover('files.deep-tree', 'leave folders 1,500 deep', judgeRefused({ [deepest]: 'bad-path' })),
  loudCase('files.many', 'leave 50,000 files', {
    judge: judgeLimit('resultFiles'),
    setup: { limits: { workspaceInodes: 60_000 } },
  }),
  leftover('files.too-large', 'leave a file over the limit', judgeRefused({ large: 'too-large' })),
  leftover('files.too-many-bytes', 'leave too many bytes', judgeLimit('resultBytes')),
  leftover('files.daemon', 'outlive the agent and go on writing', judgeDaemon),
  leftover('files.report-symlink', 'make the report a link', judgeReport),
  leftover('files.report-fifo', 'make the report a pipe', judgeReport),
  leftover('files.report-huge', 'make the report 7 MiB', judgeReport),
  leftover('files.report-invalid', 'make the report no report', judgeReport),
];
