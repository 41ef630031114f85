import { CATALOGUE_INVARIANTS } from '#adapters/postgres/catalogue/invariants.ts';
import { LOG_INVARIANTS } from '#adapters/postgres/events/invariants.ts';
import { IDENTITY_INVARIANTS } from '#adapters/postgres/identity/invariants.ts';
import type { Invariant } from '#adapters/postgres/invariant.ts';
import { INVENTORY_INVARIANTS } from '#adapters/postgres/inventory/invariants.ts';
import { ORDERING_INVARIANTS } from '#adapters/postgres/ordering/invariants.ts';
import { catalogue } from './modules/catalogue.ts';
import { identity } from './modules/identity.ts';
import { inventory } from './modules/inventory.ts';
import type { Module } from './modules/module.ts';
import { notifications } from './modules/notifications.ts';
import { ordering } from './modules/ordering.ts';
import { partners } from './modules/partners.ts';
import { platform } from './modules/platform.ts';

/** Every module there is. Adding one is a line here. */
export const MODULES: readonly Module[] = [platform, notifications, identity, partners, catalogue, inventory, ordering];

export const ROWS = MODULES.flatMap(({ rows }) => rows);

/** Every promise the doctor checks. */
export const INVARIANTS: readonly Invariant[] = [
  ...IDENTITY_INVARIANTS,
  ...CATALOGUE_INVARIANTS,
  ...INVENTORY_INVARIANTS,
  ...ORDERING_INVARIANTS,
  ...LOG_INVARIANTS,
];
