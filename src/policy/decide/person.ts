import { isAtLeast, type Permission } from '../../domain/repository.ts';
import type { Who } from '../document/who.ts';

/** What is known of somebody at the moment of a decision. Null: it could not be read. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly permission: Permission | null;
  /** Teams as `organisation/slug`. */
  readonly teams: readonly string[] | null;
  /** Did this person open the pull request? */
  readonly isAuthor: boolean;
  /** How many of the files in question this person owns by CODEOWNERS. */
  readonly owns: 'none' | 'some' | 'all' | null;
}

/** A decision with its reason, a sentence for people, whichever way it goes. */
export interface Verdict {
  readonly allowed: boolean;
  readonly reason: string;
}

/**
 * Does somebody satisfy the `who` of every layer? Any one thing that a layer says is enough for it.
 * What could not be read is not satisfied. No layer at all: nobody may.
 */
export function isAmong(whos: readonly Who[], person: Person, enough: 'some' | 'all'): Verdict {
  if (whos.length === 0) return { allowed: false, reason: 'No layer says who may.' };
  const missed = whos.find((who) => !satisfies(who, person, enough));
  if (missed === undefined) return { allowed: true, reason: `${person.login} is among who may.` };
  return { allowed: false, reason: `It takes ${needs(missed)}; ${standing(missed, person)}.` };
}

/** Who satisfies the `who` of every layer, in words: as `write` permission or more, and to be in acme/core. */
export function whoMay(whos: readonly Who[]): string {
  return whos.length === 0 ? 'nobody' : [...new Set(whos.map(needs))].join('; and ');
}

function satisfies(who: Who, person: Person, enough: 'some' | 'all'): boolean {
  const { permission, teams, users = [], codeOwners, author } = who;
  return (
    (permission !== undefined &&
      person.permission !== null &&
      isAtLeast(person.permission, permission)) ||
    users.some((user) => isUser(user, person)) ||
    isInTeam(teams ?? [], person) ||
    (codeOwners === true && (person.owns === 'all' || person.owns === enough)) ||
    (author === true && person.isAuthor)
  );
}

function isUser(user: string, { login, id }: Person): boolean {
  const [name = '', pinned] = user.split('#');
  return isSame(name, login) && (pinned === undefined || pinned === String(id));
}

function isInTeam(teams: readonly string[], person: Person): boolean {
  return teams.some((team) => (person.teams ?? []).some((held) => isSame(team, held)));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function needs({ permission, teams, users, codeOwners, author }: Who): string {
  const ways = [
    permission === undefined ? [] : `\`${permission}\` permission or more`,
    teams === undefined ? [] : `to be in ${teams.join(' or ')}`,
    users === undefined ? [] : `to be ${users.join(' or ')}`,
    codeOwners === undefined ? [] : 'to own the code',
    author === undefined ? [] : 'to be the author',
  ];
  return ways.flat().join(', or ');
}

function standing(who: Who, { login, permission, teams, owns }: Person): string {
  const unread = [
    who.permission !== undefined && permission === null ? 'permission' : [],
    who.teams !== undefined && teams === null ? 'teams' : [],
    who.codeOwners !== undefined && owns === null ? 'owned files' : [],
  ].flat();
  if (unread.length > 0) return `the ${unread.join(' and ')} of ${login} could not be read`;
  const held = permission === null || permission === 'none' ? 'no' : `\`${permission}\``;
  return `${login} has ${held} permission`;
}
