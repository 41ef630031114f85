import type { Deliveries, Delivery } from './deliveries.ts';
import type { Sent, Webhook, WebhookDeps } from './webhooks.ts';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

/** Sends a webhook on its way, with everything that may happen to it between being said and being delivered. */
export function dispatcher({ settings, timeline, faults, chance, note }: WebhookDeps, deliveries: Deliveries, early: Delivery[]) {
  const latency = (): number => chance.between(...settings.webhookLatencySeconds);
  const later = (seconds: number, copy: Delivery, width = 1): void =>
    timeline.at(timeline.now() + seconds * 1_000, () => Promise.all(Array.from({ length: width }, () => deliveries.attempt({ ...copy }))));

  function copies(delivery: Delivery): void {
    const { event } = delivery;
    const again = faults.strike('W1', event);
    const anew = faults.strike('W2', event);
    const burst = faults.strike('W8', event);
    for (let copy = again ? (again.copies ?? 1) : 0; copy > 0; copy -= 1) later(chance.between(0, again?.seconds ?? 3 * DAY_S), delivery);
    if (anew) later(chance.between(0, anew.seconds ?? HOUR_S), { ...delivery, eventId: chance.text(14) });
    if (burst) later(latency(), delivery, burst.copies ?? 1_000);
  }

  return (hook: Webhook, said: Sent): void => {
    const delivery: Delivery = { hook, secret: hook.secret, ...said, attempts: 0, firstAt: null };
    if (faults.strike('W5', said.event)) {
      note({ kind: 'dropped', what: said.event, detail: said.eventId });
      return;
    }
    copies(delivery);
    if (faults.strike('W6', said.event)) {
      early.push(delivery);
      return;
    }
    const mixed = faults.strike('W3', said.event);
    const late = faults.strike('W4', said.event);
    const extra = (mixed ? chance.between(0, mixed.seconds ?? HOUR_S) : 0) + (late ? (late.seconds ?? chance.between(60, DAY_S)) : 0);
    later(latency() + extra, delivery, faults.strike('W9', said.event) ? 2 : 1);
  };
}
