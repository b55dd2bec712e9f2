import { setImmediate } from 'node:timers/promises';
import { isAtLeast, type Permission } from '../domain/repository.ts';
import { type OwnedPattern, readOwnedPattern } from './code-owners-pattern.ts';

/** Where GitHub looks for the file, in its order; the first that is there counts. */
export const codeOwnersLocations = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** GitHub does not load a larger file (docs, about-code-owners). */
const maxBytes = 3 * 1024 * 1024;
/** A line that names thousands of owners would be read in one go; the file then counts as too large. */
const maxLineLength = 64 * 1024;
/** Characters read at one go, and how many of them a line counts for at least: others wait for their turn. */
const charactersATurn = 32 * 1024;
const leastOfALine = 64;

/** Whom a line names. Teams as `organisation/slug`; all are compared without case. */
export type CodeOwner =
  | { readonly kind: 'user'; readonly login: string }
  | { readonly kind: 'team'; readonly team: string }
  | { readonly kind: 'email'; readonly address: string };

/** One line that counts. No owners: its files have none. */
export interface CodeOwnersRule {
  readonly line: number;
  readonly pattern: OwnedPattern;
  readonly owners: readonly CodeOwner[];
}

/** A line that GitHub skips, and why. */
export interface SkippedLine {
  readonly line: number;
  readonly reason: string;
}

/** A file as read. `isTooLarge`: GitHub or we do not load it, so nothing in it counts. */
export interface CodeOwners {
  readonly rules: readonly CodeOwnersRule[];
  readonly skipped: readonly SkippedLine[];
  readonly isTooLarge: boolean;
}

const tooLarge: CodeOwners = { rules: [], skipped: [], isTooLarge: true };

/** Reads a CODEOWNERS file by GitHub's rules. Sections (`[Name]`) are GitLab's and are skipped. */
export async function parseCodeOwners(text: string): Promise<CodeOwners> {
  if (Buffer.byteLength(text) > maxBytes) return tooLarge;
  const rules: CodeOwnersRule[] = [];
  const skipped: SkippedLine[] = [];
  let line = 0;
  let sinceTurn = 0;
  for (const [content] of text.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g)) {
    if (content.length > maxLineLength) return tooLarge;
    line += 1;
    sinceTurn += leastOfALine + content.length;
    if (sinceTurn >= charactersATurn) {
      sinceTurn = 0;
      await setImmediate();
    }
    const read = readLine(content);
    if (typeof read === 'string') skipped.push({ line, reason: read });
    else if (read !== undefined) rules.push({ line, ...read });
  }
  return { rules, skipped, isTooLarge: false };
}

/** Undefined for a line that says nothing, text for one that is skipped. */
function readLine(content: string): Omit<CodeOwnersRule, 'line'> | string | undefined {
  const words = content.trim().match(/(?:\\.|[^\s\\])+|\\/g) ?? [];
  const [text, ...rest] = words;
  if (text === undefined || text.startsWith('#')) return undefined;
  const pattern = readOwnedPattern(text);
  if (pattern === undefined) return `${text.slice(0, 80)} is no pattern that GitHub takes`;
  const comment = rest.findIndex((word) => word.startsWith('#'));
  const names = comment === -1 ? rest : rest.slice(0, comment);
  const owners = names.map(readOwner);
  const wrong = owners.indexOf(undefined);
  if (wrong !== -1)
    return `${String(names[wrong]).slice(0, 80)} is no @user, @organisation/team or email`;
  return { pattern, owners: owners.filter((owner) => owner !== undefined) };
}

function readOwner(word: string): CodeOwner | undefined {
  const team = /^@([A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9_.-]+)$/.exec(word)?.[1];
  if (team !== undefined) return { kind: 'team', team };
  const login = /^@([A-Za-z0-9][A-Za-z0-9_-]*)$/.exec(word)?.[1];
  if (login !== undefined) return { kind: 'user', login };
  return isEmail(word) ? { kind: 'email', address: word } : undefined;
}

/** Something, one @, and something with a dot within it. No regular expression: dots without end hold one up. */
function isEmail(word: string): boolean {
  const [name = '', domain = '', ...more] = word.split('@');
  return name !== '' && more.length === 0 && domain.slice(1, -1).includes('.');
}

/** What is known of a person; emails are those that GitHub has verified. Null: could not be read. */
export interface OwnerFacts {
  readonly login: string;
  readonly permission: Permission | null;
  readonly teams: readonly string[] | null;
  readonly emails?: readonly string[];
}

/**
 * Is this person one of the owners? GitHub counts those alone who may write (docs, about-code-owners), and
 * who may not, by whatever line, owns nothing. What could not be read is no permission and no membership.
 */
export function isOwner(owners: readonly CodeOwner[], person: OwnerFacts): boolean {
  if (person.permission === null || !isAtLeast(person.permission, 'write')) return false;
  return owners.some((owner) => {
    switch (owner.kind) {
      case 'user':
        return isSame(owner.login, person.login);
      case 'team':
        return (person.teams ?? []).some((team) => isSame(team, owner.team));
      default:
        return (person.emails ?? []).some((address) => isSame(address, owner.address));
    }
  });
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
