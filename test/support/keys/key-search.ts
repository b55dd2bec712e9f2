// Runs on the host and, as a program, inside sandboxes: it imports nothing of ours.
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** A word that is searched for: what it begins with, and 40 hex digits that nobody here has to know. */
export const keyForms = { real: 'sk-provider-', placeholder: 'sk-sallyport-' } as const;

type KeyForm = keyof typeof keyForms;

/** What was read in one place, and how often each form was in it. */
export class Tally {
  readonly found: Record<KeyForm, number> = { real: 0, placeholder: 0 };
  /** Files, or processes. */
  read = 0;
  bytes = 0;

  take(bytes: Buffer): void {
    this.bytes += bytes.length;
    for (const [form, start] of Object.entries(keyForms))
      this.found[form as KeyForm] += countKeys(bytes, start);
  }
}

const digits = /^[0-9a-f]{40}$/;

function countKeys(bytes: Buffer, start: string): number {
  let count = 0;
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
    const from = at + start.length;
    if (digits.test(bytes.toString('latin1', from, from + 40))) count += 1;
  }
  return count;
}

const chunkBytes = 4 * 1024 * 1024;
/** Longer than a key: one on the edge of two chunks is in one of them whole. */
const overlapBytes = 64;

/** Looks through one file from `from` to `to`; what cannot be read is left out. */
function takeRange(tally: Tally, fd: number, from: number, to: number): void {
  const buffer = Buffer.alloc(Math.min(chunkBytes, to - from));
  for (let at = from; at < to; ) {
    const wanted = Math.min(buffer.length, to - at);
    const read = readSync(fd, buffer, 0, wanted, at);
    if (read === 0) return;
    tally.take(buffer.subarray(0, read));
    at += at + read < to && read > overlapBytes ? read - overlapBytes : read;
  }
}

/** Regular files below a folder, whatever file system they are on: what `/proc` and the like hold is no file. */
export function searchFiles(folder: string, tally: Tally): void {
  for (const name of attempt(() => readdirSync(folder)) ?? []) {
    const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
    if (/^\/(?:proc|sys|dev)$/.test(path)) continue;
    const stat = attempt(() => lstatSync(path));
    if (stat?.isDirectory() === true) searchFiles(path, tally);
    if (stat?.isFile() === true) searchFile(path, stat.size, tally);
  }
}

function searchFile(path: string, size: number, tally: Tally): void {
  withFile(path, (fd) => {
    takeRange(tally, fd, 0, size);
    tally.read += 1;
  });
}

/** One file of `/proc`, whose size is told as 0. */
export function searchProcFile(path: string, tally: Tally): void {
  const bytes = attempt(() => readFileSync(path));
  if (bytes === undefined || bytes.length === 0) return;
  tally.take(bytes);
  tally.read += 1;
}

/** All of a process's memory that is there. One that may not be read, or is gone, is not counted. */
export function searchMemory(pid: number, tally: Tally): void {
  const maps = attempt(() => readFileSync(`/proc/${pid}/smaps`, 'utf8'));
  if (maps === undefined) return;
  withFile(`/proc/${pid}/mem`, (fd) => {
    withFile(`/proc/${pid}/pagemap`, (pages) => {
      for (const [from, to] of presentRanges(maps, pages))
        attempt(() => takeRange(tally, fd, from, to));
      tally.read += 1;
    });
  });
}

const pageBytes = 4096;

/** Addresses of readable mappings, less the pages that were never touched: programs reserve gigabytes. */
function* presentRanges(smaps: string, pagemap: number): Generator<readonly [number, number]> {
  const mapping = /^([0-9a-f]+)-([0-9a-f]+) r\S* .*\n(?:[A-Z].*\n)*?Rss: +(\d+) kB/gm;
  for (const [, from = '', to = '', rss] of smaps.matchAll(mapping)) {
    const [start, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    if (rss !== '0' && Number.isSafeInteger(end)) yield* presentPages(pagemap, start, end);
  }
}

function* presentPages(
  pagemap: number,
  start: number,
  end: number,
): Generator<readonly [number, number]> {
  const entries = Buffer.alloc(8 * 65_536);
  let from = start;
  let isRun = false;
  for (let at = start; at < end; ) {
    const wanted = Math.min(65_536, (end - at) / pageBytes);
    const read = readSync(pagemap, entries, 0, wanted * 8, (at / pageBytes) * 8);
    if (read < 8) break;
    for (let page = 0; page < read / 8; page += 1, at += pageBytes) {
      // Bits 63 and 62: present, or swapped out.
      const isThere = ((entries[page * 8 + 7] ?? 0) & 0xc0) !== 0;
      if (isThere && !isRun) from = at;
      if (!isThere && isRun) yield [from, at];
      isRun = isThere;
    }
  }
  if (isRun) yield [from, end];
}

function withFile(path: string, use: (fd: number) => void): void {
  const fd = attempt(() => openSync(path, 'r'));
  if (fd === undefined) return;
  try {
    attempt(() => use(fd));
  } finally {
    closeSync(fd);
  }
}

/** Undefined for what may not be read, or is gone by now: others say what has to be there. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Every process that is seen from here. */
export function processes(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
