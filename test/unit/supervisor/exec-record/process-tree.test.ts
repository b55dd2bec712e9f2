import { describe, expect, test } from 'vitest';
import type { ExecEntry } from '../../../../src/protocol/exec-record.ts';
import { ProcessTree } from '../../../../workers/supervisor/exec-record/process-tree.ts';
import { traceLine } from '../../../../workers/supervisor/exec-record/trace-line.ts';

const root = '10 1.000000 execve("/bin/sh", ["sh"], 0x1 /* 0 vars */) = 0';
const thread = 'clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD';

/** The record of a trace after its root's first line, each entry as a short text. */
function recordOf(lines: readonly string[]): { told: string[]; tree: ProcessTree } {
  const told: string[] = [];
  const tree = new ProcessTree((entry) => told.push(short(entry)));
  for (const line of [root, ...lines]) {
    const read = traceLine(Buffer.from(line));
    if (read !== undefined) tree.take(read);
  }
  tree.end();
  return { told: told.slice(1), tree };
}

function short(entry: ExecEntry): string {
  if (entry.kind === 'exit') return `${entry.pid} ends ${entry.code ?? entry.signal}`;
  const what = entry.kind === 'exec' ? entry.argv.join(' ') : 'forked';
  return `${entry.parent}>${entry.pid} ${what}`;
}

describe('the record of processes', () => {
  test.each<[string, string[], string[]]>([
    [
      'names the parent of what a fork became',
      [
        '10 1.1 vfork() = 11',
        '11 1.2 execve("/bin/a", ["a"], 0x1) = 0',
        '11 1.3 +++ exited with 0 +++',
      ],
      ['10>11 a', '11 ends 0'],
    ],
    [
      'names it too when the child is quicker than the call that made it',
      [
        '10 1.1 vfork( <unfinished ...>',
        '11 1.2 execve("/bin/a", ["a"], 0x1 <unfinished ...>',
        '11 1.3 <... execve resumed>) = 0',
        '11 1.4 +++ exited with 7 +++',
        '10 1.5 <... vfork resumed>) = 11',
      ],
      ['10>11 a', '11 ends 7'],
    ],
    [
      'tells of a process that executes nothing',
      ['10 1.1 fork() = 11', '11 1.2 +++ killed by SIGKILL +++'],
      ['10>11 forked', '11 ends SIGKILL'],
    ],
    ['tells of one that is alive at the end', ['10 1.1 fork() = 11'], ['10>11 forked']],
    [
      'leaves out programs that could not be executed',
      [
        '10 1.1 fork() = 11',
        '11 1.2 execve("/x/a", ["a"], 0x1) = -1 ENOENT (No such file)',
        '11 1.3 execve("/bin/a", ["a"], 0x1) = 0',
      ],
      ['10>11 a'],
    ],
    [
      'follows a daemon through two forks',
      [
        '10 1.1 fork() = 11',
        '11 1.2 fork() = 12',
        '11 1.3 +++ exited with 0 +++',
        '12 1.4 execve("/bin/d", ["d"], 0x1) = 0',
      ],
      ['10>11 forked', '11 ends 0', '11>12 d'],
    ],
    [
      'does not take threads for processes',
      [`10 1.1 ${thread}) = 11`, '11 1.2 +++ exited with 0 +++'],
      [],
    ],
    [
      'does not when the thread is quicker either',
      [
        `10 1.1 ${thread} <unfinished ...>`,
        '11 1.2 +++ exited with 0 +++',
        '10 1.3 <... clone resumed>) = 11',
      ],
      [],
    ],
    [
      'names the process, not the thread, as a parent',
      [`10 1.1 ${thread}) = 11`, '11 1.2 fork() = 12', '12 1.3 execve("/bin/a", ["a"], 0x1) = 0'],
      ['10>12 a'],
    ],
    [
      'has a thread that executes become its process',
      [
        `10 1.1 ${thread}) = 11`,
        '11 1.2 execve("/bin/a", ["a"], 0x1 <pid changed to 10 ...>',
        '10 1.3 +++ superseded by execve in pid 11 +++',
        '10 1.4 <... execve resumed>) = ?',
        '10 1.5 +++ exited with 0 +++',
      ],
      ['null>10 a', '10 ends 0'],
    ],
    [
      'tells of a program whose process was ended in the call',
      ['10 1.1 execve("/bin/a", ["a"], 0x1 <unfinished ...>', '10 1.2 <... execve resumed>) = ?'],
      ['null>10 a'],
    ],
    [
      'tells without a parent what has waited a second for one',
      ['11 1.2 execve("/bin/a", ["a"], 0x1) = 0', '10 2.3 fork() = 12'],
      ['null>11 a', '10>12 forked'],
    ],
    [
      'tells apart two bearers of one number',
      [
        '10 1.1 fork() = 11',
        '11 1.2 +++ exited with 0 +++',
        '10 1.3 fork() = 11',
        '11 1.4 +++ exited with 1 +++',
      ],
      ['10>11 forked', '11 ends 0', '10>11 forked', '11 ends 1'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(recordOf(lines).told).toEqual(expected);
  });

  test('counts processes, programs and the most that were alive at once', () => {
    const { tree } = recordOf([
      `10 1.1 ${thread}) = 11`,
      '10 1.2 fork() = 12',
      '12 1.3 +++ exited with 0 +++',
      '10 1.4 fork() = 13',
    ]);
    expect([tree.processes, tree.execs, tree.peakTasks, tree.root]).toEqual([3, 1, 3, 10]);
  });

  test('tells of a process that lives on without executing when it is asked', () => {
    const told: ExecEntry[] = [];
    const tree = new ProcessTree((entry) => told.push(entry));
    for (const line of [root, '10 1.1 fork() = 11']) {
      const read = traceLine(Buffer.from(line));
      if (read !== undefined) tree.take(read);
    }
    tree.tellSilent();
    expect(told.slice(1)).toEqual([]);
    tree.tellSilent();
    tree.tellSilent();
    expect(told.slice(1)).toEqual([{ kind: 'fork', pid: 11, parent: 10, atMs: 1_100 }]);
  });
});
