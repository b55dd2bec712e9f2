/** A time of the records, `2026-01-31T09:30:00Z`, as people read it; empty where there is none. */
export function whenOf(at: string | null): string {
  return at === null ? '' : at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
