/**
 * Joins `pieces` up to `max` UTF-16 units; when they are more, whole pieces are dropped from the end and
 * a note says how many. Never longer than `max` as long as the note fits.
 */
export function joinWithin(pieces: readonly string[], max: number): string {
  const whole = pieces.join('');
  if (whole.length <= max) return whole;
  const room = max - noteOf(pieces.length).length;
  let length = 0;
  let count = 0;
  for (const piece of pieces) {
    length += piece.length;
    if (length > room) break;
    count += 1;
  }
  return pieces.slice(0, count).join('') + noteOf(pieces.length - count);
}

function noteOf(count: number): string {
  return ` … (${count} characters cut)`;
}
