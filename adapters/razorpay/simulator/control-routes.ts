import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { bodyOf } from './api/json.ts';
import type { Control } from './control.ts';
import { FAULT_NAMES, FAULTS, FaultRule } from './faults/rules.ts';
import { Paying } from './machines/paying.ts';
import { Refusal } from './machines/refusal.ts';
import type { Settings } from './world/settings.ts';

const Id = z.strictObject({ id: z.string() });
const METHODS = ['card', 'upi', 'netbanking', 'wallet', 'emi'] as const;
const Dispute = z.strictObject({
  payment_id: z.string(),
  amount: z.int().min(1).optional(),
  reason_code: z.string().optional(),
  phase: z.enum(['fraud', 'retrieval', 'chargeback', 'pre_arbitration', 'arbitration']).optional(),
  respond_in_seconds: z.number().min(1).optional(),
});
const Decision = z.strictObject({ id: z.string(), decision: z.enum(['won', 'lost', 'closed', 'under_review', 'action_required']) });
const Swarm = z.strictObject({ seed: z.int(), among: z.array(z.enum(FAULT_NAMES)).optional() });
const Hook = z.strictObject({ url: z.string(), secret: z.string(), events: z.array(z.string()).optional() });
const rate = z.number().min(0).max(1);
const seconds = z.number().min(0);
const SettingsChange = z
  .strictObject({
    merchantName: z.string().max(60),
    receiptPolicy: z.enum(['A', 'B', 'C']),
    keyReuseStatus: z.literal([409, 400]),
    capture: z.enum(['automatic', 'manual']),
    autoRefundDays: z.number().min(0),
    autoRefundSecondSuccess: z.boolean(),
    feeRate: rate,
    taxRate: rate,
    transferFeeRate: rate,
    refundSeconds: seconds,
    instantRefunds: z.boolean(),
    restoreAfterFailedRefund: z.boolean(),
    transferSeconds: seconds,
    noAnswerSeconds: seconds,
    webhookLatencySeconds: z.tuple([seconds, seconds]).readonly(),
    bookOffsetMinutes: z.int(),
    openingBalance: z.int(),
  } satisfies Record<keyof Settings, z.ZodType>)
  .partial();

/** The control over HTTP. */
export function controlRoutes(control: Control): Hono {
  const app = new Hono({ strict: false });
  const post = <S extends z.ZodType>(path: string, schema: S, run: (body: z.output<S>) => unknown): void => {
    app.post(path, async (c: Context) => c.json(((await run(await bodyOf(c, schema))) ?? { done: true }) as object));
  };

  post('/pay', Paying, (body) => control.pay(body));
  post('/advance', z.strictObject({ seconds: z.number().min(0) }), async ({ seconds }) => {
    await control.advance(seconds);
    return { now: control.now() };
  });
  post('/faults', z.array(FaultRule), (rules) => control.setFaults(rules));
  post('/swarm', Swarm, ({ seed, among }) => ({ rules: control.swarm(seed, among) }));
  post('/settings', SettingsChange, (changes) =>
    control.configure(Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))),
  );
  post('/dispute', Dispute, (body) => control.dispute(body));
  post('/decide', Decision, ({ id, decision }) => control.decide(id, decision));
  post('/settle', z.strictObject({ older_than_seconds: z.number().min(0).optional() }), ({ older_than_seconds }) =>
    control.settle(older_than_seconds),
  );
  post('/adjust', z.strictObject({ amount: z.int(), description: z.string() }), ({ amount, description }) => control.adjust(amount, description));
  post('/refund', z.strictObject({ payment_id: z.string(), amount: z.int().min(1).optional() }), (body) =>
    control.refund(body.payment_id, body.amount),
  );
  post('/fail-refund', Id, ({ id }) => control.failRefund(id));
  post('/fail-transfer', Id, ({ id }) => control.failTransfer(id));
  post('/charge-subscription', z.strictObject({ id: z.string(), succeeds: z.boolean().optional() }), ({ id, succeeds }) =>
    control.chargeSubscription(id, succeeds),
  );
  post('/downtime', z.strictObject({ method: z.enum(METHODS), seconds: z.number().min(1).optional() }), ({ method, seconds }) =>
    control.startDowntime(method, seconds),
  );
  post('/end-downtime', Id, ({ id }) => control.endDowntime(id));
  post('/account', z.strictObject({ name: z.string() }), ({ name }) => ({ id: control.addAccount(name) }));
  post('/webhook', Hook, ({ url, secret, events }) => ({ id: control.addWebhook({ url, secret, ...(events && { events }) }) }));
  post('/rotate-secret', z.strictObject({ id: z.string(), secret: z.string() }), ({ id, secret }) => control.rotateSecret(id, secret));
  post('/enable-webhook', Id, ({ id }) => control.enableWebhook(id));
  post('/replay', z.strictObject({ event_ids: z.array(z.string()).optional() }), ({ event_ids }) => control.replay(event_ids));

  app.get('/faults', (c) => c.json({ known: FAULTS, struck: control.struck() }));
  app.get('/clock', (c) => c.json({ now: control.now() }));
  app.get('/log', (c) => c.json(control.log()));
  app.get('/state', (c) => c.json(control.state()));
  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json({ error: error.body }, error.status);
    return c.json({ error: { description: error.message } }, 400);
  });
  return app;
}
