import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import { converters } from '../../webhooks/converters.ts';

const Named = z.object({ event: z.string(), payload: z.looseObject({}) });

/** A webhook as it lies in a file. */
export interface EventFile {
  readonly name: keyof typeof converters;
  readonly payload: unknown;
}

/**
 * Reads `{event, payload}`, or a bare payload whose event `name` tells.
 * @throws SallyportError `usage.invalid` for a file that cannot be read, is not JSON, or names no event of ours
 */
export function readEventFile(
  workingDir: string,
  file: string,
  name: string | undefined,
): EventFile {
  const content = parse(workingDir, file);
  const named = Named.safeParse(content);
  const event = name ?? named.data?.event;
  const payload = name === undefined ? named.data?.payload : content;
  if (event === undefined) {
    throw invalid(`${file}: is no {event, payload}; say with --name which event it is`);
  }
  const names = Object.keys(converters) as (keyof typeof converters)[];
  const known = names.find((one) => one === event);
  if (known === undefined) {
    throw invalid(`the App does not listen to this event; it listens to ${names.join(', ')}`);
  }
  return { name: known, payload };
}

function parse(workingDir: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(workingDir, file), 'utf8'));
  } catch (cause) {
    throw invalid(`${file}: cannot be read as JSON`, cause);
  }
}

function invalid(message: string, cause?: unknown): SallyportError {
  return new SallyportError('usage.invalid', message, { cause });
}
