import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxResult } from '../../../../src/wire/receive-result.ts';

/**
 * What the control plane never does: lays a result out on the host and runs git over it, with the
 * configuration that came along.
 */
export async function runGitOver({ files }: SandboxResult): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-credulous-'));
  try {
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    const where = [`--git-dir=${join(folder, 'bare')}`, `--work-tree=${folder}`];
    spawnSync('git', [...where, 'add', '.gitattributes'], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
