import { reportPath } from '../../../src/protocol/agent-report.ts';
import { runLinters } from './run.ts';

/** The agent `linters`: no model, no network; everything it needs is in the image. */
await runLinters({
  workspace: '/workspace',
  taskFile: '/task/task.json',
  outFile: reportPath,
  // Our own words and numbers only: a file name could hold a line break and a forged marker.
  progress: (text) => void process.stdout.write(`::progress ${text}\n`),
});
