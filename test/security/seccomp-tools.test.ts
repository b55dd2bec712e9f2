import { beforeAll, describe, expect, test } from 'vitest';
import { runProbe } from '../support/sandbox/run-probe.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';
import { toolsImage } from '../support/sandbox/tools-image.ts';

let image: string;
// Downloads a compiler once for each state of the worker's Dockerfile.
beforeAll(async () => {
  image = await toolsImage();
}, 600_000);

const mebibyte = 1024 * 1024;
const limits = {
  memoryBytes: 1024 * mebibyte,
  pids: 256,
  workspaceBytes: 256 * mebibyte,
  workspaceInodes: 20_000,
  tmpBytes: 128 * mebibyte,
  wallClockMs: 240_000,
};

/** What a project needs of the kernel, by the tools that it is built and tested with. */
const scripts: readonly (readonly [string, string, string])[] = [
  [
    'cargo builds a crate with threads, and it runs',
    `mkdir -p crate/src && cd crate
printf '[package]\\nname = "c"\\nversion = "0.1.0"\\nedition = "2021"\\n' >Cargo.toml
cat >src/main.rs <<'END'
use std::{process::Command, sync::mpsc, thread};
fn main() {
    let (send, receive) = mpsc::channel();
    let all: Vec<_> = (0..8u64).map(|i| { let send = send.clone(); thread::spawn(move || send.send(i * i).unwrap()) }).collect();
    for one in all { one.join().unwrap(); }
    drop(send);
    let echoed = Command::new("echo").arg("child").output().unwrap();
    println!("{} {}", receive.iter().sum::<u64>(), String::from_utf8_lossy(&echoed.stdout).trim());
}
END
CARGO_HOME=/tmp/cargo cargo build --offline -q && ./target/debug/c`,
    '140 child',
  ],
  [
    'npm installs a package and runs its script, and tests with worker threads',
    `mkdir -p dep app && cd dep
echo '{"name":"dep","version":"1.0.0"}' >package.json
echo 'module.exports = 40' >index.js
cd ../app
echo '{"name":"app","version":"1.0.0","scripts":{"install":"node make.js","test":"node --test"},"dependencies":{"dep":"file:../dep"}}' >package.json
echo 'require("fs").writeFileSync("made.js", "module.exports = 1 + require(\\"dep\\")")' >make.js
cat >a.test.js <<'END'
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');
const { once } = require('node:events');
test('threads', async () => {
  const worker = new Worker('require("node:worker_threads").parentPort.postMessage(require(process.cwd() + "/made.js") + 1)', { eval: true });
  const [value] = await once(worker, 'message');
  if (value !== 42) throw new Error(String(value));
});
END
export npm_config_cache=/tmp/npm npm_config_update_notifier=false
npm install --offline --install-links --no-audit --no-fund >/tmp/npm.log 2>&1 || { tail -n 20 /tmp/npm.log; exit 1; }
npm test 2>&1 | grep -E '^(# |ℹ )pass'`,
    'pass 1',
  ],
  [
    'python runs processes, pools, a database and TLS',
    `cat >p.py <<'END'
import multiprocessing, os, sqlite3, ssl, subprocess, sys, tempfile, threading, asyncio
def square(n): return n * n
async def main():
    child = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print(7)', stdout=subprocess.PIPE)
    return (await child.communicate())[0].strip().decode()
if __name__ == '__main__':
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', 'env'], check=True)
    inner = subprocess.run(['env/bin/python', '-c', 'import sys; print(sys.prefix != sys.base_prefix)'], capture_output=True, text=True).stdout.strip()
    with multiprocessing.Pool(3) as pool: squares = sum(pool.map(square, range(10)))
    base = sqlite3.connect('a.db'); base.execute('pragma journal_mode=wal'); base.execute('create table t(a)'); base.execute('insert into t values (5)'); base.commit()
    print(inner, squares, base.execute('select a from t').fetchone()[0], ssl.create_default_context().verify_mode.name, asyncio.run(main()))
END
python3 p.py`,
    'True 285 5 CERT_REQUIRED 7',
  ],
  [
    'git commits, clones, collects and has a second work tree',
    `export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q -b main one && cd one && seq 1000 >a && git add a && git commit -qm one && cd ..
git clone -q one two && cd two && echo x >>a && git commit -qam two && git gc -q --prune=now
git worktree add -q ../three HEAD~1 && git fsck --no-progress && git push -q origin main:next
echo "$(git rev-list --count HEAD) $(wc -l <../three/a) $(git -C ../one branch --list next | tr -d ' ')"`,
    '2 1000 next',
  ],
  [
    'gcc and make build in parallel',
    `for i in 1 2 3 4 5 6; do echo "int f$i(void) { return $i; }" >f$i.c; done
echo 'int f1(void), f6(void); int printf(const char *, ...); int main(void) { return printf("%d", f1() + f6()) < 0; }' >main.c
printf 'p: f1.o f2.o f3.o f4.o f5.o f6.o main.o\\n\\tgcc -o p $^\\n' >Makefile
make -s -j4 && ./p`,
    '7',
  ],
];

describe.each(runtimes)('the tools of a project under %s and the profile that ships', (runtime) => {
  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test.each(scripts)(
      'work: %s',
      async (_, script, expected) => {
        const program = `
        fs.mkdirSync('/workspace/w');
        const run = childProcess.spawnSync('sh', ['-ec', ${JSON.stringify(script)}], { cwd: '/workspace/w', encoding: 'utf8' });
        fs.rmSync('/workspace/w', { recursive: true });
        say([run.status, run.stdout.trim().slice(-2000), run.stderr.slice(-2000), process.getuid()]);
      `;
        const { said, stderr } = await runProbe({
          image,
          runtime,
          program,
          limits,
          agentMs: 200_000,
        });
        expect([said, stderr]).toEqual([
          [[0, expect.stringContaining(expected), expect.any(String), 1000]],
          stderr,
        ]);
      },
      300_000,
    );
  });
});
