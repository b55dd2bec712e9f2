/**
 * Is this our text with that marker? Only at its end: what it quotes before, such as a patch, is hostile and may hold
 * the marker of another task.
 */
export function endsWithMarker(body: string | null | undefined, marker: string): boolean {
  return body?.trimEnd().endsWith(marker) === true;
}
