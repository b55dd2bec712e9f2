import type { Finding, RelatedPlace } from '../domain/finding.ts';
import { plainLine } from './sanitise.ts';

/** Most related places shown with a finding; the rest is a count. */
const maxPlaces = 3;

/**
 * What a tool says of a finding besides its message, a line each, for places that show text raw: how sure it is,
 * other places, and where to read more. Safe (`plainLine`).
 */
export function notesOf({ confidence, related = [], helpUrl }: Finding): readonly string[] {
  const rest = related.length - maxPlaces;
  return [
    confidence === undefined ? [] : `Confidence: ${confidence}`,
    related.slice(0, maxPlaces).map(placeInWords),
    rest > 0 ? `… and ${rest} more related ${rest === 1 ? 'place' : 'places'}` : [],
    helpUrl === undefined ? [] : plainLine(helpUrl, 1_000),
  ].flat();
}

function placeInWords({ path, range, message }: RelatedPlace): string {
  const place = [path, range?.startLine].filter((part) => part !== undefined).join(':');
  return plainLine(`${place}: ${message}`, 5_000);
}
