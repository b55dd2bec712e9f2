/** Says on stderr, in one line, what the set-up is about to do. Stdout belongs to the command. */
export function announce(what: string): void {
  process.stderr.write(`sallyport set-up: ${what}\n`);
}
