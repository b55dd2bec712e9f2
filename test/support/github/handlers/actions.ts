import { byId, type Handler, number, repositoryOf } from '../call.ts';
import { addressOfLog } from '../job-storage.ts';
import { notFound } from '../refusal.ts';

/** Jobs of Actions: their ids are those of their check runs. */
export const actionsHandlers = {
  'actions/download-job-logs-for-workflow-run': (call) => {
    const repo = repositoryOf(call);
    const { id } = byId(
      call.world.checkRuns,
      number(call.path, 'job_id'),
      ({ suite }) => suite.repo === repo,
    );
    if (!call.world.jobLogs.has(id)) throw notFound();
    return { status: 302, headers: { location: addressOfLog(call.world, id) } };
  },
} satisfies Record<string, Handler>;
