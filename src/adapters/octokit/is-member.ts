/** Who belongs to the repository; of the others some have contributed, and anybody may. */
const members: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/** Does somebody belong to the repository, by GitHub's `author_association`? It is a word on them and grants nothing. */
export function isMember(association: string | null | undefined): boolean {
  return members.has(association ?? '');
}
