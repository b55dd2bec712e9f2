import { dirname } from 'node:path';

/** The repository's own folder, absolute. */
export const ROOT: string = dirname(dirname(import.meta.dirname));
