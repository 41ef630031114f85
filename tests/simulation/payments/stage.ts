import { ContainerModule } from 'inversify';
import { MemoryStore } from '#adapters/memory/store.ts';
import { bankTransfer } from '#adapters/offline/bank-transfer.ts';
import { razorpayProvider } from '#adapters/razorpay/provider.ts';
import { createRazorpaySimulator, type RazorpaySimulator } from '#adapters/razorpay/simulator/simulator.ts';
import { refuseInsideTransaction } from '#adapters/shared/transaction-context.ts';
import type { PaymentProvider } from '#application/payments/provider.ts';
import { createContainer } from '#composition/container.ts';
import { Payments } from '#composition/modules/payments.ts';
import { Platform } from '#composition/modules/platform.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { type Kitchen, openKitchen } from '../../support/kitchen.ts';
import { SILENT, testConfig } from '../../support/profiles.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld } from '../../support/world.ts';

export const START = Date.UTC(2026, 0, 5, 6);
const KEYS = { keyId: 'rzp_test_simulation', keySecret: 'a-secret-of-the-simulation' };
const WEBHOOK_SECRET = 'what-webhooks-are-signed-with';

/** A kitchen that was opened once, and the rows it left: every story begins with a copy of them. */
export type Opening = { readonly store: MemoryStore; readonly kitchen: Kitchen };

export async function openOnce(): Promise<Opening> {
  const world = await startWorld('memory', new VirtualClock(START).override());
  const kitchen = await openKitchen(world, { rice: 10_000, lentils: 10_000 });
  await world.container.get(Platform.eventLog).settle();
  const store = world.container.get(Platform.store);
  await world.close();
  return { store, kitchen };
}

function copyOf(store: MemoryStore): MemoryStore {
  const copy = new MemoryStore();
  for (const [name, rows] of store.tables) copy.tables.set(name, new Map(rows));
  copy.events.push(...store.events);
  for (const [stream, version] of store.streams) copy.streams.set(stream, version);
  return copy;
}

/** One Thali on memory and one provider, both by the same clock, which only the story moves. */
export type Stage = Awaited<ReturnType<typeof setStage>>;

export async function setStage(opening: Opening, seed: number, wrap: (provider: PaymentProvider) => PaymentProvider) {
  const clock = new VirtualClock(START + 3_600_000);
  const simulator: RazorpaySimulator = createRazorpaySimulator({
    keys: KEYS,
    seed,
    clock,
    timers: false,
    settings: { openingBalance: 1_000_000_00 },
    webhooks: [{ url: 'http://thali.test/webhooks/razorpay', secret: WEBHOOK_SECRET }],
    deliver: (_, headers, body) => receive(headers, body),
  });
  const razorpay = razorpayProvider({
    ...KEYS,
    webhookSecrets: [WEBHOOK_SECRET],
    guard: refuseInsideTransaction,
    timeoutMs: 50,
    fetch: (request) => simulator.app.fetch(request),
  });
  const providers = new Map([wrap(razorpay), bankTransfer].map((provider) => [provider.name, provider]));
  const overrides = new ContainerModule(({ rebind }) => {
    rebind(Platform.clock).toConstantValue(clock);
    rebind(Platform.store).toConstantValue(copyOf(opening.store));
    rebind(Payments.processors).toConstantValue({ providers, simulator: undefined });
  });
  const container = createContainer(
    { config: testConfig, secret: 'a-secret-of-the-simulation-only', log: SILENT, store: { kind: 'memory' } },
    overrides,
  );
  const eventLog = container.get(Platform.eventLog);
  await eventLog.start();
  const payments = container.get(Payments.useCases);

  async function receive(headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const received = await payments.receiveWebhook({
      processor: 'razorpay',
      body: Buffer.from(body),
      signature: given['x-razorpay-signature'] ?? '',
      eventId: given['x-razorpay-event-id'],
    });
    return received.ok ? 200 : 401;
  }

  const { kitchen } = opening;
  const customer: Actor = { kind: 'account', accountId: kitchen.customerId, sessionId: 's1', permissions: [], grants: [] };
  const grant = {
    restaurantId: kitchen.restaurantId,
    role: 'owner',
    permissions: ['orders:read', 'orders:cancel', 'orders:accept', 'orders:reject', 'payments:read', 'payments:refund', 'payments:take'],
  } as const;
  const owner: Actor = { kind: 'account', accountId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7aff', sessionId: 's2', permissions: [], grants: [grant] };
  const close = async (): Promise<void> => {
    await eventLog.stop();
    await container.unbindAll();
    simulator.control.close();
  };
  return { clock, simulator: simulator.control, container, eventLog, payments, kitchen, customer, owner, close };
}
