/** Configuration for one git process, in git's own `section.key` spelling. */
export type GitConfig = readonly (readonly [key: string, value: string])[];

/** Which transports one git process may use: none, smart HTTP, or a repository on this machine. */
export type Transport = 'none' | 'http' | 'file';

/** The tree without entries: git knows this object without having it stored. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * fsck messages that do not stop a fetch. Old, honest repositories trip over them and none of them
 * names a path or a URL: a mode with leading zeros, and name, e-mail, zone or spacing slips in the
 * author and committer lines, which nothing here reads. GitHub and GitLab accept the same ones.
 * Every other message stays an error: among them `.git` in a tree, `..`, duplicates, `.gitmodules`.
 */
export const toleratedFsckMessages = [
  'zeroPaddedFilemode',
  'badTimezone',
  'missingNameBeforeEmail',
  'missingSpaceBeforeEmail',
  'missingSpaceBeforeDate',
] as const;

/** What every git process is told, whatever the repository's own configuration says. */
const fixedConfig: GitConfig = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  // Attributes of a tree hide files from a diff (`-diff`); newer git would read HEAD's in a bare repository.
  ['attr.tree', emptyTree],
  ['core.quotePath', 'true'],
  ['core.pager', 'cat'],
  ['credential.helper', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.version', '2'],
  ['protocol.allow', 'never'],
  ['http.followRedirects', 'false'],
  // A server that sends less than 1 kB/s for a minute is given up.
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
  ['transfer.fsckObjects', 'true'],
  // A pack is moved into the store only when the whole of it passed fsck; loose objects would stay
  // behind from a refused fetch. Today's git packs whatever it checks; this does not depend on it.
  ['fetch.unpackLimit', '1'],
  ...toleratedFsckMessages.map((message) => [`fetch.fsck.${message}`, 'ignore'] as const),
];

const transports: Readonly<
  Record<Transport, { readonly names: string; readonly config: GitConfig }>
> = {
  none: { names: 'none', config: [] },
  http: {
    names: 'http:https',
    config: [
      ['protocol.http.allow', 'always'],
      ['protocol.https.allow', 'always'],
    ],
  },
  file: { names: 'file', config: [['protocol.file.allow', 'always']] },
};

/** Folders where git and its tools are looked for when `gitBinary` is not absolute. */
const searchPath = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

/**
 * The whole environment of a git process: nothing is inherited. No system, user or repository
 * hooks, prompts, attributes, replacements or lazy fetches. `extra` is added last; it travels by
 * environment because a command line can be read by every user of the machine.
 */
export function gitEnvironment(
  transport: Transport,
  extra: GitConfig = [],
): Record<string, string> {
  const { names, config } = transports[transport];
  return {
    PATH: searchPath,
    // Nobody can put a .netrc or .gitconfig below a device.
    HOME: '/dev/null',
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_ALLOW_PROTOCOL: names,
    GIT_NO_REPLACE_OBJECTS: '1',
    // A partial clone as source would run the remote command of its own configuration (CVE-2024-32004).
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    ...numbered([...fixedConfig, ...config, ...extra]),
  };
}

/** `GIT_CONFIG_COUNT` and its pairs: git-config(1), configuration by environment. */
function numbered(config: GitConfig): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(config.length) };
  for (const [index, [key, value]] of config.entries()) {
    variables[`GIT_CONFIG_KEY_${String(index)}`] = key;
    variables[`GIT_CONFIG_VALUE_${String(index)}`] = value;
  }
  return variables;
}
