/**
 * What an agent says while it works, in the folder of its report: a JSON a line of findings and of opinions, and one
 * JSON of what it would do with an issue. What is there survives an agent that does not come to its end.
 */
export const journalNames = {
  findings: 'reported.jsonl',
  opinions: 'opinions.jsonl',
  triage: 'triage.json',
} as const;

/** Most bytes of each. Together with a report they have to fit into a manifest. */
export const maxJournalBytes = 2 * 1024 * 1024;
