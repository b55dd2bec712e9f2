import { beforeAll, describe, expect, test } from 'vitest';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

const head = { 'changed.txt': 'is\n', same: { script: 'same\n' }, 'sub/link': { link: '../same' } };
const extras = {
  base: { 'changed.txt': 'was\n', 'gone/deleted.txt': 'gone\n' },
  prompt: 'Look at this.',
};

/** Every way of which an agent could think to have its way with a file and its folder. */
const tampering = `
  const files = ['/task/task.json', '/task/prompt.md', '/base/changed.txt', '/base/same', '/base/gone/deleted.txt'];
  const folders = ['/task', '/base', '/base/gone'];
  const before = files.map((file) => fs.readFileSync(file, 'utf8'));
  const left = { write: [], append: [], truncate: [], chmod: [], chown: [], utimes: [], rename: [], unlink: [], replace: [] };
  const tried = (name, file, work) => { if (attempt(work) === 'done') left[name].push(file); };
  fs.writeFileSync('/out/mine', 'forged');
  for (const file of files) {
    tried('write', file, () => fs.writeFileSync(file, 'forged'));
    tried('append', file, () => fs.appendFileSync(file, 'forged'));
    tried('truncate', file, () => fs.truncateSync(file, 0));
    tried('chmod', file, () => fs.chmodSync(file, 0o666));
    tried('chown', file, () => fs.chownSync(file, 1000, 1000));
    tried('utimes', file, () => fs.utimesSync(file, 1, 1));
    tried('rename', file, () => fs.renameSync(file, file + '.old'));
    tried('replace', file, () => fs.renameSync('/out/mine', file));
    tried('unlink', file, () => fs.unlinkSync(file));
  }
  const made = folders.filter((folder) =>
    ['made', 'CLAUDE.md'].some((name) => attempt(() => fs.writeFileSync(folder + '/' + name, 'x')) === 'done') ||
    attempt(() => fs.symlinkSync('/etc/passwd', folder + '/link')) === 'done' ||
    attempt(() => fs.mkdirSync(folder + '/folder')) === 'done' ||
    attempt(() => fs.chmodSync(folder, 0o777)) === 'done' ||
    attempt(() => fs.renameSync(folder, folder + '-old')) === 'done');
  say({ ...left, made });
  say(files.every((file, index) => fs.readFileSync(file, 'utf8') === before[index]));
  fs.writeFileSync('changed.txt', 'the workspace is its own');
  say(fs.readFileSync('/task/prompt.md', 'utf8'));
`;

const untouched = {
  write: [],
  append: [],
  truncate: [],
  chmod: [],
  chown: [],
  utimes: [],
  rename: [],
  unlink: [],
  replace: [],
  made: [],
};

describe.each(runtimes)('what an agent is given under %s', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('stays as it was given, whatever the agent does', async () => {
      const { said, result } = await runProbe({ image, runtime, program: tampering, head, extras });
      expect(said).toEqual([untouched, true, 'Look at this.']);
      expect(result?.manifest.changes).toMatchObject([{ kind: 'write', path: 'changed.txt' }]);
    });

    test('has the whole base beside the head', async () => {
      const program = `
        say(fs.readdirSync('/base', { recursive: true }).sort());
        say(fs.readFileSync('/base/sub/link', 'utf8'));
        say(fs.readFileSync('/base/changed.txt', 'utf8'));
        say(fs.statSync('/base/same').mode & 0o777);
      `;
      const { said } = await runProbe({ image, runtime, program, head, extras });
      const found = ['changed.txt', 'gone', 'gone/deleted.txt', 'same', 'sub', 'sub/link'];
      expect(said).toEqual([found, 'same\n', 'was\n', 0o555]);
    });

    test('has no base where the task has none', async () => {
      const program = `say(fs.readdirSync('/base'));`;
      const { said } = await runProbe({ image, runtime, program, head });
      expect(said).toEqual([[]]);
    });
  });
});
