/** What lists the environment of a process, a variable a line. */
export const listEnvironment = 'env -0 | tr "\\0\\n" "\\n "';

/** Values by name, of what `listEnvironment` printed. */
export function environmentIn(printed = ''): ReadonlyMap<string, string> {
  return new Map(
    printed
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
