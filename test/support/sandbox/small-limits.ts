import type { Limits } from '../../../src/domain/limits.ts';

const mebibyte = 1024 * 1024;

/** Ceilings small enough to be reached within a test. */
export const smallLimits: Limits = {
  memoryBytes: 512 * mebibyte,
  cpus: 2,
  pids: 64,
  openFiles: 1024,
  workspaceBytes: 64 * mebibyte,
  workspaceInodes: 2_000,
  tmpBytes: 32 * mebibyte,
  // Time is no ceiling that a test reaches by accident: two busy cores are slow. Who means it sets it.
  wallClockMs: 150_000,
  inputFileBytes: 8 * mebibyte,
  eventBytes: 4 * mebibyte,
  resultBytes: 4 * mebibyte,
  resultFiles: 100,
  findings: 100,
};
