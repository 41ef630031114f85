import type { Customer } from '../world/customer-entities.ts';
import type { Notes } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { Refusal } from './refusal.ts';

export type NewCustomer = {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly contact?: string | undefined;
  readonly gstin?: string | undefined;
  readonly notes?: Notes | undefined;
  readonly fail_existing?: boolean | undefined;
};

/** A second customer with the same address and number is refused, or is the first one when that was asked for. */
export function createCustomer(world: World, { name = '', email = '', contact = '', gstin, notes, fail_existing = true }: NewCustomer): Customer {
  const twin = [...world.tables.customers.values()].find((customer) => customer.email === email && customer.contact === contact);
  if (twin && fail_existing) throw new Refusal('Customer already exists for the merchant', { source: 'NA', step: 'NA' });
  if (twin) return twin;
  const made: Customer = {
    id: world.id('cust'),
    entity: 'customer',
    name,
    email,
    contact,
    gstin: gstin ?? null,
    notes: notes ?? [],
    created_at: world.now(),
  };
  world.tables.customers.set(made.id, made);
  return made;
}
