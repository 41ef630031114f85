import { z } from 'zod';
import type { Payments } from '#application/payments/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, route } from '../route.ts';
import { Id, InstantView, link, MoneyView, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { BALANCES_EXAMPLE, LEDGER_EXAMPLE } from './examples.ts';
import { LedgerQuery } from './inputs.ts';

const TAG = 'Ledger';

const EntryView = z.object({
  id: Id,
  account: z.string(),
  debit: MoneyView,
  credit: MoneyView,
  kind: z.string().meta({ description: 'What happened, as its event is called.' }),
  source: z.string().meta({ description: 'What it happened to.' }),
  at: InstantView,
});
const BalanceView = z.object({
  account: z.string(),
  debit: MoneyView,
  credit: MoneyView,
  balance: MoneyView.meta({ description: 'Debit less credit.' }),
});

export const ledgerRoutes = (payments: Payments): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/ledger',
    operationId: 'listLedger',
    tag: TAG,
    summary: "List the entries of a restaurant's ledger, newest first",
    description: 'Double entry: the entries of one thing that happened sum to zero, each is made once, and none is ever changed.',
    access: { permission: 'ledger:read', in: 'restaurant' },
    params: RestaurantParams,
    query: LedgerQuery,
    status: 200,
    response: pageView(EntryView),
    example: { response: LEDGER_EXAMPLE },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/ledger`, page, query),
    async handle({ params, query: { account, ...query } }) {
      const page = await payments.ledger(params.restaurantId, account, pageRequest(query));
      const entries = page.data.map(({ currency, debit, credit, ...entry }) => ({
        ...entry,
        debit: { amount: debit, currency },
        credit: { amount: credit, currency },
      }));
      return ok({ data: entries, next: page.next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/balances',
    operationId: 'getBalances',
    tag: TAG,
    summary: "Read the balances of a restaurant's accounts",
    description:
      'Above zero is what there is: money at a provider, in the till, at the bank. Below zero is whose it is: the restaurant, the tax, the commission, customers. Together they are zero in each currency.',
    access: { permission: 'ledger:read', in: 'restaurant' },
    params: RestaurantParams,
    status: 200,
    response: z.object({ data: z.array(BalanceView) }),
    example: { response: BALANCES_EXAMPLE },
    problems: {},
    async handle({ params }) {
      const balances = await payments.balances(params.restaurantId);
      const data = balances.map(({ account, currency, debit, credit }) => {
        const money = (amount: number) => ({ amount, currency });
        return { account, debit: money(debit), credit: money(credit), balance: money(debit - credit) };
      });
      return ok({ data });
    },
  }),
];
