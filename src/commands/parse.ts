import { closest } from '../domain/closest.ts';
import { type CommandName, commandNames } from '../domain/command-names.ts';
import { FindingId } from '../domain/finding-record.ts';
import type { Command } from './command.ts';
import { readParameters } from './parameters.ts';
import { visibleLines } from './visible-lines.ts';

/** How commands may be written. */
export interface ParseOptions {
  /** Commands that may also be written without `/sallyport`, as `/review`. */
  readonly shortForms?: readonly CommandName[];
  /** Names of tasks: each is a command as well, and a mistyped word may have meant it. */
  readonly tasks?: readonly string[];
}

/** Most commands taken from one comment; more is a flood. */
const maxCommands = 5;
const prefix = '/sallyport';
const maxInstructionsLength = 4_000;
const maxReasonLength = 500;
const taskName = /^[a-z][a-z0-9-]{0,39}$/;
const taskId = /^t[0-9a-f]{24}$/;

/**
 * Commands of a comment, in order: one a line, at its very start, in the author's own visible text
 * (`visibleLines`), so that quoting a command never runs it. Between words stand spaces and tabs alone:
 * a line with a look-alike of the slash or of a space, or with an invisible character before it, is text.
 * Of more than 5 the first 5 are read, and a `surplus` tells of the rest.
 */
export function parseCommands(body: string, options: ParseOptions = {}): readonly Command[] {
  const commands: Command[] = [];
  // Most comments have no line like a command, and none of them needs to be read further.
  if (!/^\//m.test(body)) return commands;
  for (const line of visibleLines(body)) {
    const command = readLine(line, options);
    if (command === undefined) continue;
    if (commands.length === maxCommands)
      return [...commands, { name: 'surplus', taken: maxCommands }];
    commands.push(command);
  }
  return commands;
}

function readLine(
  line: string,
  { shortForms = [], tasks = [] }: ParseOptions,
): Command | undefined {
  if (!line.startsWith('/')) return undefined;
  const [first, rest] = splitWord(line);
  if (first === prefix) {
    const [word, after] = splitWord(rest);
    // A task of the policy is a command by its own name, and takes what it takes after `run`.
    if (tasks.includes(word) && !isCommand(word)) return toRun(rest);
    return toCommand(word === '' ? 'help' : word, after) ?? unknown(word, tasks);
  }
  const short = shortForms.find((name) => first === `/${name}`);
  return short === undefined ? undefined : toCommand(short, rest);
}

function splitWord(text: string): readonly [word: string, rest: string] {
  const end = text.search(/[ \t]/);
  if (end === -1) return [text, ''];
  return [text.slice(0, end), trimBlanks(text.slice(end))];
}

/** Spaces and tabs at both ends. By hand: a pattern with `$` takes quadratic time on many blanks. */
function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text[from])) from += 1;
  while (to > from && isBlank(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** Undefined where the word is no command. */
function toCommand(word: string, rest: string): Command | undefined {
  const name = commandNames.find((one) => one === word.toLowerCase());
  switch (name) {
    case undefined:
      return undefined;
    case 'fix':
      return { name, instructions: rest.slice(0, maxInstructionsLength) || null };
    case 'reject':
      return { name, reason: rest.slice(0, maxReasonLength) || null };
    case 'run':
      return toRun(rest);
    case 'approve':
      return toTargeted(name, rest, (target) => isTaskWord(target) || isShaStart(target));
    case 'cancel':
    case 'retry':
      return toTargeted(name, rest, isTaskWord);
    case 'dismiss':
      return toTargeted(name, rest, (target) => FindingId.safeParse(target).success);
    default:
      return { name };
  }
}

function isCommand(word: string): boolean {
  return commandNames.some((name) => name === word);
}

function isTaskWord(target: string): boolean {
  return taskId.test(target) || taskName.test(target);
}

function isShaStart(target: string): boolean {
  return /^[0-9a-f]{7,40}$/i.test(target);
}

function toTargeted(
  name: keyof typeof targets,
  rest: string,
  fits: (target: string) => boolean,
): Command {
  if (rest === '') return { name, target: null };
  if (fits(rest)) return { name, target: rest };
  return { name: 'malformed', command: name, problem: `it takes ${targets[name]}, or nothing` };
}

const targets = {
  approve: 'the id or the name of a task or at least 7 digits of a commit',
  cancel: 'the id or the name of a task',
  retry: 'the id or the name of a task',
  dismiss: 'the id of a finding, 12 hex digits',
} as const;

function toRun(rest: string): Command {
  const [task, after] = splitWord(rest);
  if (!taskName.test(task)) {
    return { name: 'malformed', command: 'run', problem: 'it takes the name of a task' };
  }
  const reading = readParameters(after);
  if (!reading.ok) return { name: 'malformed', command: 'run', problem: reading.problem };
  return { name: 'run', task, parameters: reading.parameters };
}

function unknown(word: string, tasks: readonly string[]): Command {
  const meant = closest(word, [...commandNames, ...tasks]) ?? null;
  return { name: 'unknown', word: word.slice(0, 40), closest: meant };
}
