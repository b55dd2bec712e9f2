/** Agents that are programs of ours: no text steers them, and what they do not find is not there. */
const analysers: readonly string[] = ['linters', 'containment'];

/** Is this agent a program that only analyses? Any other may be led by a model, and by whatever that reads. */
export function isAnalyser(agent: string): boolean {
  return analysers.includes(agent);
}
