import { createHmac } from 'node:crypto';
import type { FaultRule } from '../faults/rules.ts';
import type { Sent, Webhook, WebhookDeps } from './webhooks.ts';

/** One event on its way to one receiver, signed with the secret of the time it happened. */
export type Delivery = Sent & { readonly hook: Webhook; readonly secret: string; attempts: number; firstAt: number | null };

export type Deliveries = {
  attempt(delivery: Delivery): Promise<void>;
  disable(hook: Webhook): void;
  idle(): Promise<void>;
};

const MINUTE_MS = 60_000;
const GIVE_UP_MS = 24 * 60 * MINUTE_MS;
const PATIENCE_MS = 5_000;

/** Tries at once and then 1, 2, 4, 8 ... minutes apart, for a day; a receiver that failed for a day is switched off. */
export function createDeliveries({ timeline, faults, deliver, note }: WebhookDeps): Deliveries {
  const running = new Set<Promise<void>>();

  function disable(hook: Webhook): void {
    hook.active = false;
    note({ kind: 'disabled', what: hook.url });
  }

  async function send(delivery: Delivery): Promise<void> {
    const { hook, event, eventId } = delivery;
    if (!hook.active) return note({ kind: 'dropped', what: event, detail: eventId });
    delivery.firstAt ??= timeline.now();
    delivery.attempts += 1;

    const { body, signature } = signed(delivery, faults.strike('W7', event));
    const headers = { 'content-type': 'application/json', 'x-razorpay-signature': signature, 'x-razorpay-event-id': eventId };
    const status = await inTime(deliver(hook.url, { 'user-agent': 'Razorpay-Webhook/v1', ...headers }, body));
    note({ kind: 'delivery', what: event, status, detail: eventId });
    if (status >= 200 && status < 300) {
      hook.failingSince = null;
      return;
    }
    hook.failingSince ??= timeline.now();
    const next = timeline.now() + MINUTE_MS * 2 ** (delivery.attempts - 1);
    const last = delivery.firstAt + GIVE_UP_MS;
    if (timeline.now() < last) timeline.at(Math.min(next, last), () => attempt(delivery));
    else if (timeline.now() - hook.failingSince >= GIVE_UP_MS) disable(hook);
  }

  function attempt(delivery: Delivery): Promise<void> {
    const done = send(delivery);
    running.add(done);
    void done.finally(() => running.delete(done));
    return done;
  }

  return {
    attempt,
    disable,
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** The status, or 0 when there was none within five seconds. */
async function inTime(answer: Promise<number>): Promise<number> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, 0);
    timer.unref();
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
}

function signed({ body, secret, hook }: Delivery, fault: FaultRule | undefined): { readonly body: string; readonly signature: string } {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  if (!fault) return { body, signature };
  switch (fault.how ?? 'wrong') {
    case 'old_secret':
      return {
        body,
        signature: createHmac('sha256', hook.oldSecret ?? `old ${secret}`)
          .update(body)
          .digest('hex'),
      };
    case 'altered':
      return { body: body.replace(/"amount":(\d+)/, '"amount":1$1'), signature };
    case 'rewritten':
      return { body: JSON.stringify(JSON.parse(body), null, 1), signature };
    default:
      return { body, signature: createHmac('sha256', `not ${secret}`).update(body).digest('hex') };
  }
}
