import type { Who } from '../../policy/document/who.ts';

/** Who may, in words: any one thing that a layer says is enough, and each layer has to be satisfied. */
export function whoInWords(whos: readonly Who[]): string {
  const each = whos.map(oneInWords);
  if (each.length < 2) return each.join('');
  return each.map((words) => (words.includes(' or ') ? `(${words})` : words)).join(' and ');
}

function oneInWords({ permission, teams = [], users = [], codeOwners, author }: Who): string {
  const ways = [
    permission === undefined ? [] : `at least ${permission} permission`,
    teams.map((team) => `members of ${team}`),
    users,
    codeOwners === undefined ? [] : 'code owners',
    author === undefined ? [] : 'the author',
  ];
  return ways.flat().join(' or ');
}
