import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';

/** What an agent may leave in a file's place, how it is made there, and why a reader of at most so many bytes refuses. */
export function oddFiles(
  maxBytes: number,
): readonly [what: string, make: (place: string) => void, error: RegExp][] {
  const noFile = /not a regular file/;
  return [
    ['a link', (place) => symlinkSync('/etc/passwd', place), noFile],
    ['a link to nothing', (place) => symlinkSync('/nowhere', place), noFile],
    ['a folder', (place) => mkdirSync(place), noFile],
    ['a pipe', (place) => void execFileSync('mkfifo', [place]), noFile],
    [
      'a terabyte that takes no room',
      (place) => {
        writeFileSync(place, '');
        truncateSync(place, 1024 ** 4);
      },
      new RegExp(`over ${maxBytes} bytes`),
    ],
  ];
}
