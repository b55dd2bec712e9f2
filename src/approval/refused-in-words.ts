import type { RefusedChange } from '../domain/outcome.ts';

/** Why a change is never committed, in words for who asked for it. */
export const refusedInWords: Readonly<Record<RefusedChange['reason'], string>> = {
  symlink: 'links are never committed',
  'special-file': 'only files are committed',
  mode: 'changed permissions are never committed',
  'too-large': 'it is larger than a result may be',
  unreadable: 'its content could not be read',
  'bad-path': 'no file can have this name',
  'unfit-patch': 'the file has other lines than the patch says',
  steering: 'it steers agents, and only people change such files',
  'backslash-path': 'a name with a backslash is never committed',
  'control-path': 'a name with control characters is never committed',
  'windows-path': 'Windows takes this name for another file or a device',
  'git-path': 'it is a name of .git, which is never committed',
};
