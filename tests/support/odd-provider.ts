import type { PaymentProvider } from '#application/payments/provider.ts';

const NOBODY = { code: 'BAD_REQUEST_ERROR', reason: null, description: 'The id provided does not exist', mayFallBack: false };

/** A provider whose books can be made to lie, one knob a lie; every other answer is its own. */
export class OddProvider {
  /** Charges it denies to have ever heard of. */
  readonly hidden = new Set<string>();
  /** Other amounts than it took, by charge. */
  readonly amounts = new Map<string, number>();
  /** What it says besides that it kept, by charge. */
  readonly surcharges = new Map<string, number>();
  /** Says nothing to anybody who asks for transfers. */
  isSilent = false;
  /** How often its lists of charges do not answer. */
  silentPages = 0;

  wrap = (provider: PaymentProvider): PaymentProvider => {
    if (provider.name !== 'razorpay') return provider;
    const silence = { outcome: 'unknown', reason: 'no answer' } as const;
    return {
      ...provider,
      charge: async (chargeId) => (this.hidden.has(chargeId) ? { outcome: 'failed', failure: NOBODY } : provider.charge(chargeId)),
      chargesBetween: async (from, to, after) => {
        if (this.silentPages > 0) {
          this.silentPages -= 1;
          return silence;
        }
        const page = await provider.chargesBetween(from, to, after);
        if (page.outcome !== 'succeeded') return page;
        const data = page.value.data
          .filter(({ chargeId }) => !this.hidden.has(chargeId))
          .map((fact) => ({ ...fact, amount: this.amounts.get(fact.chargeId) ?? fact.amount }));
        return { outcome: 'succeeded', value: { ...page.value, data } };
      },
      bookOf: async (day, after) => {
        const page = await provider.bookOf(day, after);
        if (page.outcome !== 'succeeded') return page;
        const data = page.value.data.map((row) => {
          const more = this.surcharges.get(row.id) ?? 0;
          return { ...row, fee: row.fee + more, credit: row.credit - more };
        });
        return { outcome: 'succeeded', value: { ...page.value, data } };
      },
      transfer: async (request) => (this.isSilent ? silence : provider.transfer(request)),
      findTransfer: async (payoutId) => (this.isSilent ? silence : provider.findTransfer(payoutId)),
    };
  };
}
