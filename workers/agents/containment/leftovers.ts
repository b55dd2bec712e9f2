import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { reportPath } from '../../../src/protocol/agent-report.ts';
import { codeOf } from './ask.ts';
import { attempt } from './attempt.ts';
import { leaveGit } from './leave-git.ts';
import { python } from './python.ts';

const manyFiles = 50_000;
const deepFolders = 1_500;
/** Over the 6 MiB that a report may have. */
const tooLongReport = 7 * 1024 * 1024;
const report = JSON.stringify({ findings: [], tools: [], toolErrors: [] });
const tooManyBytes = 5 * 1024 * 1024;
/** A terabyte, what one file may be at most, and many of a size that nobody stops. */
const sparseFiles: readonly (readonly [string, number])[] = [
  ['sparse-terabyte', 2 ** 40],
  ...Array.from({ length: 50 }, (_, index) => [`sparse-${index}`, 60 * 2 ** 20] as const),
];

function reportOn(path: string): string {
  const finding = {
    tool: 'containment',
    rule: 'outside',
    severity: 'error',
    path,
    message: 'here',
  };
  return JSON.stringify({ findings: [finding], tools: [], toolErrors: [] });
}

function replaceReport(make: () => void): Record<string, never> {
  rmSync(reportPath);
  make();
  return {};
}

/** Spellings of `.git` on other file systems (CVE-2014-9390, CVE-2019-1352), and what is no UTF-8. */
function writeOddNames(): void {
  const names = ['.git ', '.git.', '.git::$INDEX_ALLOCATION', '.g\u200cit', 'GIT~1'];
  for (const name of names) writeFileSync(name, 'x');
  writeFileSync(Buffer.from([0x61, 0xff]), 'x');
}

function makeFifo(path: string): void {
  python('import json, os, sys; os.mkfifo(json.loads(sys.argv[1])); print("0")', path);
}

/** Attempts to hand back what would hurt whoever takes it. They work in `/workspace`. */
export const leftoverAttempts = [
  attempt('files.symlink', () => {
    symlinkSync('/etc/passwd', 'link-file');
    symlinkSync('/', 'link-folder');
    symlinkSync('../../../../etc/shadow', 'link-up');
    rmSync('given.txt');
    symlinkSync('/proc/self/environ', 'given.txt');
    return {};
  }),
  attempt('files.hard-link', () => {
    linkSync('given.txt', 'hard-link');
    const answer = spawnSync('ln', ['/etc/passwd', '/workspace/hard-link-out']);
    return { out: answer.status };
  }),
  attempt('files.fifo', () => {
    makeFifo('pipe');
    rmSync('given.txt');
    makeFifo('given.txt');
    return {};
  }),
  attempt('files.socket', () => {
    const code = 'import socket; socket.socket(socket.AF_UNIX).bind("socket")';
    execFileSync('python3', ['-c', code]);
    return {};
  }),
  attempt('files.device', () => {
    const node = spawnSync('mknod', ['null-device', 'c', '1', '3'], { encoding: 'utf8' });
    return { made: node.status === 0 };
  }),
  attempt('files.unreadable', () => {
    writeFileSync('closed', 'x');
    chmodSync('closed', 0);
    mkdirSync('shut');
    writeFileSync('shut/inside', 'x');
    chmodSync('shut', 0);
    return {};
  }),
  attempt('files.odd-names', () => {
    writeOddNames();
    return {};
  }),
  attempt('files.git-folder', () => {
    for (const folder of ['.git/hooks', 'sub/.GIT', 'git~1'])
      mkdirSync(folder, { recursive: true });
    writeFileSync('.git/hooks/post-checkout', '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync('.git/config', '[core]\n\tfsmonitor = touch /tmp/x\n');
    writeFileSync('sub/.GIT/config', '[core]\n');
    writeFileSync('git~1/config', '[core]\n');
    return {};
  }),
  attempt('files.setuid-bit', () => {
    for (const [name, mode] of [
      ['setuid', 0o4755],
      ['setgid', 0o2755],
      ['sticky', 0o1755],
    ] as const) {
      writeFileSync(name, 'x');
      chmodSync(name, mode);
    }
    return {};
  }),
  attempt('files.deep-tree', () => {
    for (let depth = 0; depth < deepFolders; depth += 1) {
      mkdirSync('deep');
      process.chdir('deep');
    }
    writeFileSync('bottom', 'x');
    process.chdir('/workspace');
    return {};
  }),
  attempt('files.sparse', ({ tell }) => {
    const answers: Record<string, string> = {};
    for (const [name, bytes] of sparseFiles) {
      answers[name] = codeOf(() => {
        writeFileSync(name, '');
        truncateSync(name, bytes);
      });
      if (answers[name] !== 'granted') rmSync(name);
      tell({ answers });
    }
    return { answers };
  }),
  attempt('files.host-git', ({ order }) => {
    leaveGit(order.marker ?? '');
    return { marked: order.marker };
  }),
  attempt('files.finding-outside', () =>
    replaceReport(() => writeFileSync(reportPath, reportOn('../../../../etc/passwd'))),
  ),
  attempt('files.finding-elsewhere', () =>
    replaceReport(() => writeFileSync(reportPath, reportOn('no/such/file.txt'))),
  ),
  attempt('files.many', () => {
    for (let file = 0; file < manyFiles; file += 1) writeFileSync(`f${file}`, '');
    return { written: manyFiles };
  }),
  attempt('files.too-large', () => {
    writeFileSync('large', '');
    truncateSync('large', tooManyBytes);
    return {};
  }),
  attempt('files.too-many-bytes', () => {
    for (let file = 0; file < 5; file += 1) writeFileSync(`part-${file}`, Buffer.alloc(1 << 20, 1));
    return {};
  }),
  attempt('files.report-symlink', () =>
    replaceReport(() => {
      // What it leads to is a report: only the link is wrong with it.
      writeFileSync('/tmp/report.json', report);
      symlinkSync('/tmp/report.json', reportPath);
    }),
  ),
  attempt('files.report-fifo', () => replaceReport(() => makeFifo(reportPath))),
  attempt('files.report-huge', () =>
    replaceReport(() => writeFileSync(reportPath, report.padEnd(tooLongReport))),
  ),
  attempt('files.report-invalid', () =>
    replaceReport(() => writeFileSync(reportPath, '{"findings":{},"__proto__":{"approved":true}}')),
  ),
];
