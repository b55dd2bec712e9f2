import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { TaskInput } from '../../../src/protocol/task-input.ts';

/** What a test puts into `head/`: text, a script, or a link. */
export type HeadFile = string | Buffer | { readonly script: string } | { readonly link: string };

/** What a test puts beside `head/`. */
export type InputExtras = {
  readonly base?: Readonly<Record<string, HeadFile>>;
  readonly prompt?: string;
};

/** An input bundle as the control plane would stream it. */
export function inputBundle(
  input: TaskInput,
  head: Readonly<Record<string, HeadFile>> = {},
  { base = {}, prompt }: InputExtras = {},
): Readable {
  const archive = pack();
  archive.entry({ name: 'task.json' }, JSON.stringify(input));
  archive.entry({ name: 'diff.patch' }, '');
  if (prompt !== undefined) archive.entry({ name: 'prompt.md' }, prompt);
  const named = (folder: string, files: Readonly<Record<string, HeadFile>>) =>
    Object.entries(files).map(([path, file]) => [`${folder}/${path}`, file] as const);
  for (const [name, file] of [...named('base', base), ...named('head', head)]) {
    if (typeof file === 'string' || Buffer.isBuffer(file)) archive.entry({ name }, file);
    else if ('script' in file) archive.entry({ name, mode: 0o755 }, file.script);
    else archive.entry({ name, type: 'symlink', linkname: file.link });
  }
  archive.finalize();
  return Readable.from(archive as AsyncIterable<Buffer>, { objectMode: false });
}
