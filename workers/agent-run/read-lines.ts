import { z } from 'zod';
import type { AgentEvent } from '../../src/protocol/agent-event.ts';
import type { LineReader } from './agent-adapter.ts';

/** Events of one value that a program printed; none where it is nothing that is known. */
type ValueReader = (value: unknown) => readonly AgentEvent[];

/** Of tokens. */
export const count = z.int().nonnegative();

/** Of dollars: what is above no program can have cost. */
export const usd = z.number().min(0).max(1_000_000);

const Typed = z.looseObject({ type: z.string() });

/** Reads objects by their `type` that have these fields, and whatever others. Of another shape they say nothing. */
export function onType<Fields extends z.ZodRawShape>(
  type: string,
  fields: Fields,
  tell: (value: z.output<z.ZodObject<Fields, z.core.$loose>>) => readonly AgentEvent[],
): ValueReader {
  const shape = z.looseObject(fields);
  return (value) => {
    if (Typed.safeParse(value).data?.type !== type) return [];
    const read = shape.safeParse(value);
    return read.success ? tell(read.data) : [];
  };
}

/** Events of lines that each are one JSON value. */
export function readLines(...readers: readonly ValueReader[]): LineReader {
  return (line) => {
    try {
      const value: unknown = JSON.parse(line);
      return readers.flatMap((read) => read(value));
    } catch {
      // Not JSON, or nested deeper than the stack: programs print all kinds of things.
      return [];
    }
  };
}
