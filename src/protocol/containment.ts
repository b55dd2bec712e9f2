import { z } from 'zod';
import { Digest } from '../domain/ids.ts';

const AttemptId = z.string().regex(/^[a-z]+(?:\.[a-z0-9-]+)+$/);

/** A place on the network that an attempt tries to reach. */
const Target = z.strictObject({ host: z.string().max(100), port: z.int().min(1).max(65_535) });
export type Target = z.infer<typeof Target>;

/**
 * What the agent `containment` is told, as JSON in a task's instructions. It has no secret: the sentinel
 * that must not be found is known by its digest alone.
 */
export const ContainmentOrder = z.strictObject({
  attempts: z.array(AttemptId).min(1),
  /** Comes back with every fact, so that no other output passes for evidence. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  sentinelDigest: Digest,
  tcp: z.array(Target),
  /** Where clouds hand out credentials to whoever asks. */
  metadata: z.array(Target),
  udp: z.array(Target),
  /** Name of an abstract unix socket, without its leading zero byte. */
  abstractSocket: z.string().max(100).nullable(),
  names: z.array(z.string().max(100)),
  /** Addresses that an ICMP echo is sent to. */
  icmp: z.array(z.string().max(100)),
  /** A path of the host where code that runs there would leave a file; a word to leave for the next task. */
  marker: z.string().max(200).nullable(),
});
export type ContainmentOrder = z.infer<typeof ContainmentOrder>;

/** Where a sandbox finds what it is to say to its proxy; in the workspace, because orders are short. */
export const speechesPath = '/workspace/speeches.json';

/** What an attempt says on connections of its own to the sandbox's proxy, byte for byte. */
export const Speech = z.strictObject({
  port: z.int().min(1).max(65_535),
  /** Latin-1: each character is a byte. After each but the last it waits for an answer. */
  pieces: z.array(z.string()).min(1),
  /** The same again, one after the other. */
  times: z.int().min(1).max(1_000).default(1),
  /** All of them at one time. */
  isTogether: z.boolean().default(false),
});
export type Speech = z.input<typeof Speech>;

/** What each attempt has to say. */
export const Speeches = z.record(AttemptId, z.array(Speech));
export type Speeches = z.input<typeof Speeches>;

/** Facts of one attempt as the sandbox tells them: hostile, judged by the control plane alone. */
export const Facts = z.record(z.string().max(100), z.json());
export type Facts = z.infer<typeof Facts>;

/** One line on the agent's stdout. An attempt may have several; the last has `isDone`. */
export const ContainmentLine = z.strictObject({
  nonce: z.string(),
  attempt: AttemptId,
  facts: Facts,
  isDone: z.boolean(),
});
export type ContainmentLine = z.infer<typeof ContainmentLine>;

/** What stands before the 32 hex digits of a sentinel. In two pieces: the whole word is a finding. */
export const sentinelMark = ['sallyport', 'sentinel'] as const;
