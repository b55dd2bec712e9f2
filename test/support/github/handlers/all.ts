import type { Handler } from '../call.ts';
import type { OperationId } from '../operations.ts';
import { actionsHandlers } from './actions.ts';
import { appHandlers } from './app.ts';
import { checkHandlers } from './checks.ts';
import { contentHandlers } from './contents.ts';
import { gitDataHandlers } from './git-data.ts';
import { issueHandlers } from './issues.ts';
import { pullHandlers } from './pulls.ts';
import { reactionHandlers } from './reactions.ts';
import { repositoryHandlers } from './repositories.ts';
import { reviewCommentHandlers } from './review-comments.ts';
import { reviewHandlers } from './reviews.ts';
import { teamHandlers } from './teams.ts';

/** One handler for each operation of the trimmed OpenAPI; the type refuses a missing one. */
export const HANDLERS: Readonly<Record<OperationId, Handler>> = {
  ...actionsHandlers,
  ...appHandlers,
  ...checkHandlers,
  ...contentHandlers,
  ...gitDataHandlers,
  ...issueHandlers,
  ...pullHandlers,
  ...reactionHandlers,
  ...repositoryHandlers,
  ...reviewCommentHandlers,
  ...reviewHandlers,
  ...teamHandlers,
};
