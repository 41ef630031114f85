import type { Log } from '#application/shared/ports.ts';
import type { claimDeliveries } from '#application/webhooks/claim-deliveries.ts';
import type { sendDelivery } from '#application/webhooks/send-delivery.ts';
import type { Delivery } from '#domain/webhooks/delivery.ts';
import type { CommitSignal } from '../shared/committed.ts';
import type { Worker } from '../shared/reaction.ts';
import { WorkerLoop } from '../shared/worker-loop.ts';

/** How many are under way at once in this process, and of one endpoint. */
const UNDER_WAY_MAX = 64;
const PER_ENDPOINT_MAX = 4;
const FIRST = '00000000-0000-0000-0000-000000000000';
const POLL_MS = 2_000;
const GATHER_MS = 5;
const REST_MS = 50;
const WAKES: readonly string[] = ['webhooks.delivery_queued', 'webhooks.delivery_replayed'];

export type DispatcherDeps = {
  readonly claim: ReturnType<typeof claimDeliveries>;
  readonly send: ReturnType<typeof sendDelivery>;
  readonly committed: CommitSignal;
  readonly log: Log;
};

/** Sends what is due, many at once but few of one endpoint, so that one that is slow is in nobody's way. */
export class Dispatcher implements Worker {
  readonly #deps: DispatcherDeps;
  readonly #loop: WorkerLoop;
  readonly #underWay = new Map<Promise<void>, string>();
  readonly #counts = { accepted: 0, refused: 0 };
  #after = FIRST;
  #unlisten: () => void = () => undefined;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#loop = new WorkerLoop({
      step: () => this.#step(),
      onError: (error) => deps.log.error('webhooks could not be taken to be sent', { error }),
      pollMs: POLL_MS,
      gatherMs: GATHER_MS,
      restMs: REST_MS,
    });
  }

  start(): void {
    this.#unlisten = this.#deps.committed.listen((events) => events.some(({ type }) => WAKES.includes(type)) && this.#loop.nudge());
    this.#loop.start();
  }

  /** Resolves when what is under way has been answered, or has timed out. */
  async stop(): Promise<void> {
    this.#unlisten();
    await this.#loop.stop();
    await Promise.all(this.#underWay.keys());
  }

  /** Looks at once for what is due. */
  nudge = (): void => this.#loop.nudge();

  /** Attempts since the start. */
  get counts(): Readonly<Record<'accepted' | 'refused', number>> {
    return this.#counts;
  }

  /** Takes what there is room for; true when there may be more. */
  async #step(): Promise<boolean> {
    const limit = UNDER_WAY_MAX - this.#underWay.size;
    if (limit === 0) return false; // The next one that ends asks again.
    const { toSend, count, last } = await this.#deps.claim({
      limit,
      perEndpoint: PER_ENDPOINT_MAX,
      underWay: this.#byEndpoint(),
      after: this.#after,
    });
    const wasFirst = this.#after === FIRST;
    this.#after = count === limit && last !== undefined ? last : FIRST;
    for (const delivery of toSend) this.#begin(delivery);
    return count > 0 || !wasFirst;
  }

  #begin(delivery: Delivery): void {
    const sending: Promise<void> = this.#deps
      .send(delivery)
      .then((settled) => {
        if (settled) this.#counts[settled.status === 'succeeded' ? 'accepted' : 'refused']++;
      })
      .catch((error: unknown) => this.#deps.log.error('a webhook could not be settled', { deliveryId: delivery.id, error }))
      .finally(() => {
        this.#underWay.delete(sending);
        this.#loop.nudge();
      });
    this.#underWay.set(sending, delivery.endpointId);
  }

  #byEndpoint(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const endpointId of this.#underWay.values()) counts[endpointId] = (counts[endpointId] ?? 0) + 1;
    return counts;
  }
}
