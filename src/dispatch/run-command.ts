import type { Command } from '../commands/command.ts';
import { commandNames } from '../domain/command-names.ts';
import { TaskState } from '../domain/task.ts';
import { faultList } from '../report/policy-faults.ts';
import { cancelByComment } from './cancel-by-comment.ts';
import type { CommandRequest } from './command-request.ts';
import type { Context } from './context.ts';
import { decideByComment } from './decide-by-comment.ts';
import { dismissByComment } from './dismiss-by-comment.ts';
import { entriesOf } from './entry.ts';
import { explainText } from './explain-text.ts';
import { helpText } from './help-text.ts';
import { isForPullRequests, onlyForPullRequests } from './issue-commands.ts';
import { pauseByComment } from './pause-by-comment.ts';
import { refuse, reply } from './reply.ts';
import { fixByComment, retryByComment, runByComment, startByComment } from './start-by-comment.ts';
import { statusText } from './status-text.ts';

/** Does what one command asks for, or says by whom it may be asked. */
export async function runCommand(
  context: Context,
  request: CommandRequest,
  command: Command,
): Promise<void> {
  if (request.faults.length > 0 && command.name !== 'status' && command.name !== 'help') {
    const what = 'The policy here is not valid, so nothing is done.';
    return refuse(context, request, `${what}\n\n${faultList(request.faults)}`);
  }
  if (request.subjectKind === 'issue' && isForPullRequests(command, request.loaded.policy)) {
    return refuse(context, request, onlyForPullRequests(command.name));
  }
  switch (command.name) {
    case 'help':
      return reply(context, request, helpOf(request));
    case 'unknown':
      // Every task of the policy is a command by its own name.
      if (Object.hasOwn(request.loaded.policy.tasks, command.word)) {
        return startByComment(context, request, { name: command.word, instructions: null });
      }
      return refuse(context, request, whatIsWrong(request, command));
    case 'malformed':
      return refuse(context, request, whatIsWrong(request, command));
    case 'surplus':
      return refuse(context, request, leftAlone(command.taken));
    case 'review':
      return startByComment(context, request, { name: 'review', instructions: null });
    case 'fix':
      return fixByComment(context, request, command.instructions);
    case 'run':
      return runByComment(context, request, command);
    case 'retry':
      return retryByComment(context, request, command.target);
    case 'cancel':
      return cancelByComment(context, request, command.target);
    case 'dismiss':
      return dismissByComment(context, request, command.target);
    case 'approve':
    case 'reject':
      return decideByComment(context, request, command);
    case 'pause':
    case 'resume':
      return pauseByComment(context, request, command.name === 'pause');
    case 'status':
      return showStatus(context, request);
    case 'explain':
      return explain(context, request);
  }
}

function helpOf({ loaded, person, subjectKind }: CommandRequest): string {
  return helpText(loaded.policy, { person, subjectKind });
}

function whatIsWrong(
  request: CommandRequest,
  command: Extract<Command, { name: 'unknown' | 'malformed' }>,
): string {
  const help = helpOf(request);
  if (command.name === 'malformed') {
    return `\`/sallyport ${command.command}\` was not understood: ${command.problem}.\n\n${help}`;
  }
  if (command.closest === null) return `There is no such command.\n\n${help}`;
  const isShort = request.loaded.policy.commands.short && isCommandName(command.closest);
  const meant = isShort ? `/${command.closest}` : `/sallyport ${command.closest}`;
  return `There is no such command. Did you mean \`${meant}\`?\n\n${help}`;
}

/** Short forms are for commands alone: a task of another name is started by `/sallyport`. */
function isCommandName(word: string): boolean {
  return commandNames.some((name) => name === word);
}

/** The answer where a comment has more commands than are taken from one. */
function leftAlone(taken: number): string {
  return `At most ${taken} commands of one comment are taken. Those after the first ${taken} were left alone: write them in another comment.`;
}

async function showStatus(context: Context, request: CommandRequest): Promise<void> {
  const { number, repository } = request;
  const { repositoryId } = repository;
  const { tasks, pauses } = context.store;
  const all = await tasks.ofPullRequest(repositoryId, number, TaskState.options);
  const isPaused = await pauses.isPaused({ repositoryId, number });
  await reply(context, request, statusText(all, isPaused));
}

async function explain(context: Context, request: CommandRequest): Promise<void> {
  const { loaded } = request;
  const names = Object.keys(loaded.policy.tasks);
  const entries = await entriesOf(context, { ...request, names });
  await reply(context, request, explainText(loaded, entries));
}
