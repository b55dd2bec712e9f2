/** One attempt of GitHub's to deliver a webhook. */
export interface HookDelivery {
  readonly id: number;
  /** The `X-GitHub-Delivery`: all attempts of one event share it. */
  readonly guid: string;
  /** Epoch ms. */
  readonly atMs: number;
  /** Was it answered with 2xx? */
  readonly isTaken: boolean;
  readonly isRedelivery: boolean;
  readonly event: string;
  readonly action: string | null;
}

/** What GitHub knows of its webhooks to this App. Asked as the App itself, not as an installation. */
export interface HookDeliveries {
  /** A page, newest first; `next` names the page after it. */
  list(
    cursor?: string,
  ): Promise<{ readonly deliveries: readonly HookDelivery[]; readonly next?: string }>;
  /** Has GitHub send one again, under the same guid; it does so later and not before this resolves. */
  redeliver(id: number): Promise<void>;
}
