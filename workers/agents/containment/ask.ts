import { closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';

/** What `work` met: `granted`, or the code of its error. */
export function codeOf(work: () => unknown): string {
  try {
    work();
    return 'granted';
  } catch (error) {
    return errorCode(error);
  }
}

/** The code of an error, or its message when it has none. */
export function errorCode(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** Opens for writing and closes again: asks for the right without using it. */
export function mayWrite(path: string): string {
  return codeOf(() => closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)));
}

/** Reads a little: `empty`, `read`, or the error's code. Never waits. */
export function mayRead(path: string): string {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readSync(file, Buffer.alloc(64)) > 0 ? 'read' : 'empty';
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return errorCode(error);
  }
}

/** `answers` by path. */
export function ofEach(
  paths: readonly string[],
  ask: (path: string) => string,
): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, ask(path)]));
}

/** Names in a folder; none when it cannot be read. */
export function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['EACCES', 'ENOENT', 'ENOTDIR', 'EPERM', 'EINVAL'].includes(errorCode(error))) return [];
    throw error;
  }
}
