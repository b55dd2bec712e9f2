import { type OwnedPattern, ownsPath, readOwnedPattern } from './code-owners-pattern.ts';

/** Where GitHub looks for the file, in its order; the first that is there counts. */
export const codeOwnersLocations = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** GitHub does not load a larger file (docs, about-code-owners). */
const maxBytes = 3 * 1024 * 1024;

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

/** A file as read. `isTooLarge`: GitHub does not load it, so nothing in it counts. */
export interface CodeOwners {
  readonly rules: readonly CodeOwnersRule[];
  readonly skipped: readonly SkippedLine[];
  readonly isTooLarge: boolean;
}

/** Reads a CODEOWNERS file by GitHub's rules. Sections (`[Name]`) are GitLab's and are skipped. */
export function parseCodeOwners(text: string): CodeOwners {
  if (Buffer.byteLength(text) > maxBytes) return { rules: [], skipped: [], isTooLarge: true };
  const rules: CodeOwnersRule[] = [];
  const skipped: SkippedLine[] = [];
  for (const [index, content] of text.split(/\r\n|\n|\r/).entries()) {
    const read = readLine(content);
    if (typeof read === 'string') skipped.push({ line: index + 1, reason: read });
    else if (read !== undefined) rules.push({ line: index + 1, ...read });
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
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(word) ? { kind: 'email', address: word } : undefined;
}

/** The rule that decides who owns a file: the last that takes it. Undefined: none does. */
export function ownersOf({ rules }: CodeOwners, path: string): CodeOwnersRule | undefined {
  return rules.findLast(({ pattern }) => ownsPath(pattern, path));
}

/**
 * The groups of owners of which each has to approve a change of these paths: one for each set of owners,
 * since a file has the owners of one line. Files without owners ask for nobody.
 */
export function ownerGroups(
  codeOwners: CodeOwners,
  paths: readonly string[],
): readonly (readonly CodeOwner[])[] {
  const groups = paths.flatMap((path) => {
    const owners = ownersOf(codeOwners, path)?.owners ?? [];
    return owners.length === 0 ? [] : [owners];
  });
  return [...new Map(groups.map((owners) => [JSON.stringify(owners), owners])).values()];
}

/** What is known of a person; emails are those that GitHub has verified. Null: could not be read. */
export interface OwnerFacts {
  readonly login: string;
  readonly teams: readonly string[] | null;
  readonly emails?: readonly string[];
}

/** Is this person one of the owners? Teams that could not be read are no membership. */
export function isOwner(owners: readonly CodeOwner[], person: OwnerFacts): boolean {
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
