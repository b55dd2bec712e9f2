import type { Limits } from '../domain/limits.ts';

const mebibyte = 1024 * 1024;

/** Ceilings small enough to be reached within a second or two. */
export const attackLimits: Limits = {
  memoryBytes: 512 * mebibyte,
  cpus: 2,
  pids: 96,
  openFiles: 1024,
  workspaceBytes: 64 * mebibyte,
  workspaceInodes: 2_000,
  tmpBytes: 32 * mebibyte,
  wallClockMs: 45_000,
  inputFileBytes: 8 * mebibyte,
  eventBytes: 4 * mebibyte,
  resultBytes: 4 * mebibyte,
  resultFiles: 100,
  findings: 100,
};

/** How long an attempt may take before it is ended, in ms. */
export const attackAgentMs = 30_000;
