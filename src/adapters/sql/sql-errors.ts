import { SallyportError } from '../../errors.ts';

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_SCHEMA = 17;
const SQLITE_NOTADB = 26;

/** PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL: the file or the disk. */
const UNAVAILABLE = new Set([3, SQLITE_BUSY, SQLITE_LOCKED, 7, 8, 10, 13, 14, 15, SQLITE_SCHEMA]);

/** The primary result code of a `node:sqlite` error; undefined when it is something else. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  // The low byte is the primary code, the rest says more about it.
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Does `error` say that another process holds the write lock? */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/**
 * The coded form of a SQLite error: `store.unavailable` for the file and the disk, `store.corrupt` for what
 * is in it. Everything else, such as a constraint or a trigger that refused, is a fault in the program and
 * comes back as it is.
 */
export function translateSqlite(error: unknown): unknown {
  const code = resultCode(error);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new SallyportError('store.corrupt', 'the database file is damaged', { cause: error });
  }
  if (code !== undefined && UNAVAILABLE.has(code)) {
    return new SallyportError('store.unavailable', `SQLite answered ${code}`, { cause: error });
  }
  return error;
}
