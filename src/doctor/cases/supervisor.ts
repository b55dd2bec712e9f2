import { z } from 'zod';
import {
  broken,
  held,
  loudCase,
  type Observed,
  type SandboxCase,
  type Verdict,
} from '../attack-case.ts';
import { judgeAnswers } from '../judge-answers.ts';

const Answers = z.record(z.string(), z.string());

/** The wire stayed whole: a result came over it, and it says that the agent ended well. */
function judgeWire(observed: Observed, verdict: Verdict): Verdict {
  if (observed.result?.manifest.agent.exitCode !== 0) return broken('the wire did not survive');
  return verdict.held ? held(`${verdict.evidence}; the result came`) : verdict;
}

function judgeOutput(observed: Observed): Verdict {
  const codes = ['EACCES', 'EPERM', 'ENOENT', 'ENXIO', 'anybody may write to /dev/null'];
  return judgeWire(observed, judgeAnswers(observed, { codes, atLeast: 3 }));
}

function judgeSignals(observed: Observed): Verdict {
  const answers = Answers.safeParse(observed.facts['answers']);
  if (!answers.success) return broken('the attempt gave no answers');
  return judgeWire(observed, judgeAnswers(observed, { codes: ['EPERM'], atLeast: 3 }));
}

/** What an agent may do to the one who holds the wire. */
export const supervisorCases: readonly SandboxCase[] = [
  loudCase('wire.supervisor-output', "write to the supervisor's end of the wire", {
    judge: judgeOutput,
    mayDie: true,
  }),
  loudCase('wire.signal-supervisor', 'stop or kill the supervisor', {
    judge: judgeSignals,
    mayDie: true,
  }),
];
