import type { Permission } from '../domain/repository.ts';
import type { Trigger } from '../domain/trigger.ts';
import type { Asker } from './reply.ts';

/** One command's comment: who wrote it, where, when, and with which standing. */
export type CommandRequest = Extract<Trigger, { type: 'comment' }> &
  Asker & { readonly permission: Permission };
