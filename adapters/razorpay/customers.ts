import type { PaymentProvider, SavedToken } from '#application/payments/provider.ts';
import { type Client, inPath } from './client.ts';
import { read, succeeded } from './failures.ts';
import { cardLabel, maskedVpa } from './instruments.ts';
import { Anything, Customer, collectionOf, Token } from './wire.ts';

export type Customers = Pick<PaymentProvider, 'createCustomer' | 'tokensOf' | 'deleteToken'>;

export function customersOf({ ask }: Client): Customers {
  const tokens = (customerId: string) => ask(collectionOf(Token), (sdk) => sdk.customers.fetchTokens(inPath(customerId)));

  return {
    async createCustomer({ reference, name, email }) {
      const body = { name: name.slice(0, 50), email, fail_existing: 0 as const, notes: { reference } }; // The one there is, if there is one.
      return read(await ask(Customer, (sdk) => sdk.customers.create(body)), ({ id }) => ({ providerCustomerId: id }));
    },

    tokensOf: async (providerCustomerId) => read(await tokens(providerCustomerId), (all) => all.map(savedToken)),

    async deleteToken(providerCustomerId, tokenId) {
      const asked = await ask(Anything, (sdk) => sdk.customers.deleteToken(inPath(providerCustomerId), inPath(tokenId)));
      if (asked.outcome === 'succeeded') return succeeded(undefined);
      const left = await tokens(providerCustomerId);
      return left.outcome === 'succeeded' && left.value.every(({ id }) => id !== tokenId) ? succeeded(undefined) : asked;
    },
  };
}

function savedToken({ id, method, card, vpa, bank, wallet, expired_at }: Token): SavedToken {
  const address = vpa?.username ? maskedVpa(`${vpa.username}@${vpa.handle ?? ''}`) : null;
  return {
    tokenId: id,
    method: method === 'card' || method === 'upi' || method === 'wallet' ? method : 'other',
    label: (card && cardLabel(card)) ?? address ?? wallet ?? bank ?? method ?? 'Saved',
    expiresAt: expired_at === null ? null : expired_at * 1_000,
  };
}
