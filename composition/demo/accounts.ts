import type { PlatformRole } from '#domain/identity/roles.ts';
import type { StaffRole } from '#domain/partners/staff.ts';

export type DemoAccount = {
  readonly email: string;
  readonly displayName: string;
  /** For people: what the account can show them. */
  readonly what: string;
  readonly platformRole?: PlatformRole;
  /** What it is in the demo restaurant. */
  readonly role?: StaffRole;
};

/** Everybody's. Published, so these accounts are made only where the demo is. */
export const DEMO_PASSWORD = 'Thali-Demo-2026!';

export const DEMO_OWNER: DemoAccount = {
  email: 'owner@demo.test',
  displayName: 'Kavita Rao',
  what: 'owns the demo restaurant',
  role: 'owner',
};

export const DEMO_CUSTOMER: DemoAccount = { email: 'customer@demo.test', displayName: 'Ananya Sen', what: 'is hungry' };

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { email: 'admin@demo.test', displayName: 'Farhan Qureshi', what: 'operates the platform', platformRole: 'admin' },
  DEMO_OWNER,
  { email: 'kitchen@demo.test', displayName: 'Joseph Mathew', what: 'cooks in its kitchen', role: 'kitchen' },
  DEMO_CUSTOMER,
];
