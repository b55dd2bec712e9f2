import type { LoadedPolicy } from '../policy/parse-policy.ts';

/** Which rules apply to a pull request, as Markdown. `mustWait`: whether its runs wait at gate 1. */
export function explainText({ policy, digest }: LoadedPolicy, mustWait: boolean): string {
  const { permissions, conclusion, patch, limits, egress } = policy;
  const actions = policy.reviewOn.map((action) => `\`${action}\``).join(', ');
  const approver = permissions.requesterMayApprove ? '' : ', other than who asked for it';
  return [
    `- Reviews start by themselves on: ${actions === '' ? 'nothing' : actions}; drafts: ${policy.drafts ? 'too' : 'not'}.`,
    `- Gate 1: a run on a push here ${mustWait ? 'waits until somebody lets it start' : 'starts without asking'}.`,
    `- Tasks are started, cancelled and let run by who has \`${permissions.run}\` permission or more.`,
    `- Gate 2: a patch is written when someone with \`${permissions.approve}\` permission or more approves it${approver}.`,
    `- A patch may have ${patch.maxFiles} files and ${patch.maxBytes} bytes, and touch no protected path (${policy.protectedPaths.length} patterns).`,
    `- The check fails from findings of: \`${conclusion.failOn}\`.`,
    `- A task may take ${limits.wallClockMs} ms, ${limits.memoryBytes} bytes of memory and ${limits.cpus} processors, in a \`${policy.runtime}\` sandbox.`,
    `- A sandbox reaches nothing but what ${egress.rules.length} egress rules and ${egress.modelRoutes.length} model routes let through.`,
    `\nPolicy \`${digest}\`.`,
  ].join('\n');
}
