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
  const note = noteOf(pieces.length - count);
  // Where nothing is left before it, the note begins the text, and text begins with no blank.
  return count === 0 ? note.trimStart() : pieces.slice(0, count).join('') + note;
}

function noteOf(count: number): string {
  return ` … (${count} characters cut)`;
}
