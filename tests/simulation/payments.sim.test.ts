import { beforeAll, describe, expect, it } from 'vitest';
import type { PaymentProvider } from '#application/payments/provider.ts';
import { type Opening, openOnce } from './payments/stage.ts';
import { tell, type Variant } from './payments/story.ts';

const SEEDS = Number(process.env['SIM_SEEDS'] ?? 200);
const FROM = Number(process.env['SIM_SEED'] ?? 1);

/** What must have happened somewhere in so many stories, or they prove nothing. */
const SOMETIMES = [
  ...['F1', 'F2', 'F4', 'F5', 'F6', 'F8', 'W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7', 'W8', 'W9', 'P1', 'P2', 'crash'],
  ...['order placed', 'order cancelled', 'order expired', 'payment captured', 'payment failed', 'payment voided', 'payment refunded'],
  ...['refund late', 'refund duplicate', 'refund cancelled', 'refund requested'],
];

describe('money, when everything goes wrong', () => {
  let opening: Opening;
  beforeAll(async () => {
    opening = await openOnce();
  });

  it(`comes right in ${SEEDS} stories from seed ${FROM} on: every promise holds once they are healed`, async () => {
    const happened = new Set<string>();
    const broken: string[] = [];
    for (let seed = FROM; seed < FROM + SEEDS; seed++) {
      const told = await tell(opening, seed);
      for (const line of told.broken) broken.push(`seed ${seed}: ${line}`);
      for (const [what, times] of Object.entries(told.happened)) if (times > 0) happened.add(what);
    }
    expect(broken).toEqual([]);
    if (SEEDS >= 200) expect(SOMETIMES.filter((what) => !happened.has(what))).toEqual([]);
  });

  let keys = 0;
  const anotherKey = () => `0000${++keys}`.padEnd(32, '0');
  const naive: Readonly<Record<string, Variant>> = {
    'asks for a refund under a new key each time, and never asks what became of the last one': (provider: PaymentProvider) => ({
      ...provider,
      refund: (asked) => provider.refund({ ...asked, refundId: anotherKey() }),
      refundsOf: async () => ({ outcome: 'succeeded', value: [] }),
    }),
    'believes whoever says they have paid': (provider: PaymentProvider) => ({
      ...provider,
      isCheckout: () => true,
      charge: async (chargeId) => {
        const told = await provider.charge(chargeId);
        return told.outcome === 'succeeded' ? { ...told, value: { ...told.value, status: 'captured' } } : told;
      },
    }),
    'hears only what the browser brings back': (provider: PaymentProvider) => ({
      ...provider,
      isWebhook: () => false,
      factsOf: async () => ({ outcome: 'succeeded', value: [] }),
      charge: async () => ({ outcome: 'unknown', reason: 'not asked' }),
      chargesBetween: async () => ({ outcome: 'succeeded', value: { data: [], next: null } }),
    }),
  };

  it.each(Object.entries(naive))('does not come right where the adapter %s', async (_, variant) => {
    let broken = 0;
    for (let seed = 1; seed <= 60 && broken === 0; seed++) broken += (await tell(opening, seed, variant)).broken.length;
    expect(broken).toBeGreaterThan(0);
  });
});
