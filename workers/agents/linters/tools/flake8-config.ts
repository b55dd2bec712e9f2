import { readIniSection } from '../ini.ts';
import { readRepoConfig } from '../repo-config.ts';

/** Keys that choose what is reported. Those that load code, write files or change the output are not here. */
const honoured = [
  'builtins',
  'disable-noqa',
  'doctests',
  'exclude',
  'extend-exclude',
  'extend-ignore',
  'extend-select',
  'filename',
  'hang-closing',
  'ignore',
  'indent-size',
  'max-complexity',
  'max-doc-length',
  'max-line-length',
  'per-file-ignores',
  'select',
];

/** Without a configuration only what is wrong whatever the style: no house rules on other people's code. */
const ownConfig = '[flake8]\nselect = E9,F,E71,E72,W29,W391,W6\n';

/** A configuration to run flake8 with; `notes` say what of the repository's was not taken over. */
export type Flake8Config = {
  readonly text: string;
  readonly isOwn: boolean;
  readonly notes: readonly string[];
};

/** What applies when the repository has no configuration, or one that flake8 does not accept. */
export const ownFlake8Config: Flake8Config = { text: ownConfig, isOwn: true, notes: [] };

/** The repository's configuration as flake8 would find it, reduced to the keys that are honoured. */
export async function findFlake8Config(workspace: string): Promise<Flake8Config> {
  for (const path of ['setup.cfg', 'tox.ini', '.flake8']) {
    const text = await readRepoConfig(workspace, path);
    const config = text === null ? null : reduceFlake8Config(text);
    if (config !== null) return config;
  }
  return ownFlake8Config;
}

/** The `[flake8]` section of an INI text, reduced; null when there is none. */
export function reduceFlake8Config(text: string): Flake8Config | null {
  const section = readIniSection(text, 'flake8');
  const hasPlugins = readIniSection(text, 'flake8:local-plugins') !== null;
  if (section === null && !hasPlugins) return null;
  const lines = [...(section ?? [])].flatMap(([key, value]) => {
    const name = key.replaceAll('_', '-');
    // configparser joins continuation lines by their indentation.
    return honoured.includes(name) ? [`${name} = ${value.replaceAll('\n', '\n    ')}`] : [];
  });
  const notes = hasPlugins ? ["did not run the repository's local plugins"] : [];
  return { text: `[flake8]\n${lines.join('\n')}\n`, isOwn: false, notes };
}
