import { z } from 'zod';
import { Trigger } from '../domain/trigger.ts';

/** One webhook whose signature was right. Its payload is still hostile: people choose much of its text. */
export interface Delivery {
  /** The `X-GitHub-Delivery` header. It is not signed. */
  readonly id: string;
  readonly payload: unknown;
  /** Epoch ms. */
  readonly receivedAtMs: number;
}

/** Why a delivery asks for nothing. */
export type IgnoredBecause =
  | 'action'
  | 'own-comment'
  | 'other-app'
  | 'no-reply'
  | 'no-pull-request';

/** What a delivery comes to. A refusal names the fields that do not fit, never their values. */
export type Conversion =
  | { readonly kind: 'trigger'; readonly trigger: Trigger }
  | { readonly kind: 'ignored'; readonly because: IgnoredBecause }
  | { readonly kind: 'refused'; readonly reason: string };

/** Turns one event's delivery into a trigger. `appId` is Sallyport's own. Pure. */
export type Convert = (delivery: Delivery, appId: number) => Conversion;

/** What every payload about a repository has; GitHub itself, and not a person, may be behind it. */
export const RepositoryEnvelope = z.object({
  action: z.string(),
  installation: z.object({ id: z.int() }),
  repository: z.object({
    id: z.int(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
  }),
});

/** What every payload has by which somebody asks for something. */
export const Envelope = RepositoryEnvelope.extend({
  sender: z.object({ id: z.int(), login: z.string(), type: z.string() }),
});

const ActorType = z.enum(['User', 'Bot', 'Organization', 'Mannequin', 'Unknown']).catch('Unknown');

/** The fields that all triggers share. */
export function receivedFields(delivery: Delivery) {
  return { deliveryId: delivery.id, receivedAtMs: delivery.receivedAtMs };
}

/** The fields of a trigger about a repository. */
export function repositoryFields(
  delivery: Delivery,
  { installation, repository }: z.output<typeof RepositoryEnvelope>,
) {
  return {
    ...receivedFields(delivery),
    repository: {
      installationId: installation.id,
      repositoryId: repository.id,
      owner: repository.owner.login,
      name: repository.name,
    },
  };
}

/** The fields of a trigger by which somebody asks for something. */
export function commonFields(delivery: Delivery, payload: z.output<typeof Envelope>) {
  const { sender } = payload;
  return {
    ...repositoryFields(delivery, payload),
    sender: { id: sender.id, login: sender.login, type: ActorType.parse(sender.type) },
  };
}

/** The trigger made of these fields, or a refusal where they do not fit its schema. */
export function toTrigger(fields: z.input<typeof Trigger>): Conversion {
  const parsed = Trigger.safeParse(fields);
  if (!parsed.success) return refused(parsed.error);
  return { kind: 'trigger', trigger: parsed.data };
}

/** A refusal that says where the payload does not fit. */
export function refused(error: z.ZodError): Conversion {
  const faults = error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`);
  return { kind: 'refused', reason: faults.join('; ') };
}

/** A delivery that asks for nothing. */
export function ignored(because: IgnoredBecause): Conversion {
  return { kind: 'ignored', because };
}

/** Is the payload's action one of these? Looked at first, so that other actions may have any shape. */
export function hasAction(payload: unknown, actions: readonly string[]): boolean {
  const parsed = z.object({ action: z.string() }).safeParse(payload);
  return parsed.success && actions.includes(parsed.data.action);
}
