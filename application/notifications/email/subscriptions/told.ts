import type { Mail } from '../mail-within.ts';

/** What others know of what a mail is about, asked within the subscription's own transaction. Who is not there is left out. */
export type Told = {
  /** Accounts that are active: nobody else is written to. */
  people(accountIds: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  orders(orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderTold>>;
  restaurants(restaurantIds: readonly string[]): Promise<ReadonlyMap<string, RestaurantTold>>;
  /** A webhook that was not deleted, by what may be told of its address. */
  webhook(restaurantId: string, endpointId: string): Promise<WebhookTold | undefined>;
  /** The accounts that answer for a restaurant: its owners, and its managers unless only owners are asked for. */
  responsible(restaurantId: string, who: 'owners' | 'owners and managers'): Promise<readonly string[]>;
};
export type MailTx = { readonly mail: Pick<Mail, 'enqueueAll'>; readonly told: Told };

export type Person = { readonly email: string; readonly displayName: string };
export type RestaurantTold = { readonly name: string; readonly currency: string; readonly timeZone: string };
export type WebhookTold = { readonly host: string; readonly description: string; readonly isDisabled: boolean };
export type OrderTold = {
  readonly id: string;
  readonly restaurantId: string;
  readonly customerId: string;
  readonly number: number;
  readonly diningOption: string;
  readonly payment: string;
  readonly currency: string;
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly subtotal: number;
    readonly note: string | null;
    readonly modifiers: readonly { readonly name: string; readonly quantity: number }[];
  }[];
  readonly price: {
    readonly pricesIncludeTax: boolean;
    readonly subtotal: number;
    readonly taxes: readonly { readonly name: string; readonly percent: number; readonly amount: number }[];
    readonly tip: number;
    readonly rounding: number;
    readonly total: number;
  };
  readonly deliveryAddress: { readonly line1: string; readonly line2: string | null; readonly city: string; readonly postalCode: string } | null;
  readonly scheduledFor: number | null;
  readonly placedAt: number;
};
