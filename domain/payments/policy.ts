import { type Actor, may } from '../shared/actor.ts';

type Owned = { readonly customerId: string; readonly restaurantId: string };

const isCustomer = (actor: Actor, { customerId }: Owned): boolean => actor.kind === 'account' && actor.accountId === customerId;

/** A payment one may not see does not exist for one. */
export const maySeePayment = (actor: Actor, owned: Owned): boolean => isCustomer(actor, owned) || may(actor, 'payments:read', owned.restaurantId);

/** Whoever owes it may pay it; so may those who take money for the restaurant. */
export const mayPay = (actor: Actor, owned: Owned): boolean => isCustomer(actor, owned) || may(actor, 'payments:take', owned.restaurantId);
