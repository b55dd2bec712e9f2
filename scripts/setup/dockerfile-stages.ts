/** One stage: its name, what it is built from, and its text. */
interface Stage {
  readonly name: string;
  readonly needs: readonly string[];
  readonly text: string;
}

/**
 * A Dockerfile with only the stages that `target` needs, itself last: what stands before the first
 * `FROM`, then those stages as they were. Docker's classic builder goes through every stage before its
 * target, needed or not, and would ask for files that the context of this target does not have.
 *
 * @throws Error when there is no such stage.
 */
export function stagesFor(dockerfile: string, target: string): string {
  const start = Math.max(dockerfile.search(/^FROM /m), 0);
  const stages = dockerfile
    .slice(start)
    .split(/^(?=FROM )/m)
    .map(readStage);
  const wanted = new Set([target]);
  // A stage needs only earlier ones, so one way back finds all.
  for (const { name, needs } of stages.toReversed())
    if (wanted.has(name)) for (const one of needs) wanted.add(one);
  if (!stages.some(({ name }) => name === target))
    throw new Error(`the Dockerfile has no stage ${target}`);
  const kept = stages.filter(({ name }) => wanted.has(name));
  return [dockerfile.slice(0, start), ...kept.map(({ text }) => text)].join('');
}

function readStage(text: string): Stage {
  const [, from = '', name = ''] = /^FROM\s+(\S+)(?:\s+AS\s+(\S+))?/i.exec(text) ?? [];
  const copied = [...text.matchAll(/^COPY\s+--from=(\S+)/gm)].map(([, stage = '']) => stage);
  return { name, needs: [from, ...copied], text };
}
