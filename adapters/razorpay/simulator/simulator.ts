import { randomInt } from 'node:crypto';
import { Hono } from 'hono';
import { service } from './api/service.ts';
import { checkoutRoutes } from './checkout/routes.ts';
import { type Control, controlOf } from './control.ts';
import { controlRoutes } from './control-routes.ts';
import { settle } from './machines/books.ts';
import type { Deliver } from './webhooks/webhooks.ts';
import type { Keys } from './world/records.ts';
import type { Settings } from './world/settings.ts';
import { createWorld, type World } from './world/world.ts';

export type SimulatorOptions = {
  readonly keys: Keys;
  /** The same seed and the same calls give the same ids, latencies and faults. By chance when time is real. */
  readonly seed?: number;
  /** Whose time it is. Without one time is virtual, and only the control moves it. */
  readonly clock?: { now(): number };
  /** Whether what is due happens by itself. With a clock it does, unless told not to: then `control.runDue()` does it. */
  readonly timers?: boolean;
  /** Where virtual time begins, epoch ms. */
  readonly startAt?: number;
  readonly settings?: Partial<Settings>;
  readonly webhooks?: readonly { readonly url: string; readonly secret: string; readonly events?: readonly string[] }[];
  /** Brings webhooks to their receivers; by fetch when absent. */
  readonly deliver?: Deliver;
  /** Pays everything out once a day that is so many days old. Otherwise only the control settles. */
  readonly settleAfterDays?: number;
  /** Where it is mounted, as links in it should say. */
  readonly publicUrl?: string;
  /** Besides its own, where the checkout may send a browser back to. */
  readonly callbackOrigins?: readonly string[];
};

export type RazorpaySimulator = { readonly app: Hono; readonly control: Control };

const START = Date.UTC(2026, 0, 1);

/** Speaks Razorpay's protocol: the API under `/v1` and `/v2`, the checkout under `/checkout`, and what is not theirs under `/_sim`. */
export function createRazorpaySimulator(options: SimulatorOptions): RazorpaySimulator {
  const { keys, clock, timers, settings, webhooks = [], callbackOrigins = [] } = options;
  const world = createWorld({
    keys,
    seed: options.seed ?? (clock ? randomInt(2 ** 32) : 1),
    startAt: options.startAt ?? START,
    publicUrl: options.publicUrl ?? 'http://localhost',
    deliver: options.deliver ?? byFetch,
    ...(clock && { clock }),
    ...(timers !== undefined && { timers }),
    ...(settings && { settings }),
  });
  const control = controlOf(world);
  for (const hook of webhooks) control.addWebhook(hook);
  if (options.settleAfterDays !== undefined) settleDaily(world, options.settleAfterDays);

  const app = new Hono({ strict: false });
  app.onError((error) => {
    throw error; // A reply that is lost is lost: nobody makes a polite one of it.
  });
  app.route('/_sim', controlRoutes(control));
  app.route('/checkout', checkoutRoutes(world, callbackOrigins));
  app.route('/', service(world));
  app.onError((error) => {
    throw error; // So that whoever asks without a socket is not answered either, when the reply is lost.
  });
  return { app, control };
}

const DAY_S = 86_400;

function settleDaily(world: World, days: number): void {
  world.after(DAY_S, () => {
    settle(world, days * DAY_S);
    settleDaily(world, days);
  });
}

const PATIENCE_MS = 5_000;

const byFetch: Deliver = async (url, headers, body) => {
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
  await response.arrayBuffer();
  return response.status;
};
