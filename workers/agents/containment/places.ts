import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import type { Facts } from '../../../src/protocol/containment.ts';
import { errorCode } from './ask.ts';
import { attempt } from './attempt.ts';

const mebibyte = 1024 * 1024;
/** More than the suite gives any of them, less than hurts where the ceiling is missing. */
const mostMebibytes = 96;

/** Every folder that an agent can write to. */
const places = {
  workspace: '/workspace',
  tmp: '/tmp',
  home: '/home/agent',
  out: '/out',
  shm: '/dev/shm',
};

/** Fills a place with several files, so that the largest size of one file is not what stops it. */
function fill(folder: string): Facts {
  const block = Buffer.alloc(mebibyte, 1);
  const files: string[] = [];
  let bytes = 0;
  let refusal = '';
  try {
    for (let file = 0; bytes < mostMebibytes * mebibyte; file += 1) {
      const path = `${folder}/fill-${file}`;
      const opened = openSync(path, 'w');
      files.push(path);
      try {
        for (let part = 0; part < 8; part += 1) bytes += writeSync(opened, block);
      } finally {
        closeSync(opened);
      }
    }
  } catch (error) {
    refusal = errorCode(error);
  }
  for (const path of files) unlinkSync(path);
  return { bytes, refusal };
}

/** Attempts to fill each writable place. */
export const placeAttempts = Object.entries(places).map(([name, folder]) =>
  attempt(`resources.disk-${name}`, () => fill(folder)),
);
