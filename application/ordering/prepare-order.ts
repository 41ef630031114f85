import type { OrderingErrorOf } from '#domain/ordering/errors.ts';
import type { DeliveryAddress, Payment } from '#domain/ordering/order.ts';
import { type OrderLine, type OrderPrice, priceOrder } from '#domain/ordering/pricing.ts';
import { type AskedLine, choose, type SelectionError } from '#domain/ordering/selection.ts';
import type { DiningOption } from '#domain/shared/dining.ts';
import type { Minor } from '#domain/shared/money.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { holdsAt } from '#domain/shared/weekly-hours.ts';
import type { OrderingFacts, OrderingRestaurant } from './ports.ts';

/** What a customer asks for. Prices, taxes and totals are not theirs to say. */
export type OrderRequest = {
  readonly restaurantId: string;
  readonly diningOption: DiningOption;
  readonly payment: Payment;
  readonly lines: readonly AskedLine[];
  readonly tip: Minor;
  readonly deliveryAddress: DeliveryAddress | null;
  readonly scheduledFor: number | null;
};

export type PreparedOrder = { readonly restaurant: OrderingRestaurant; readonly lines: readonly OrderLine[]; readonly price: OrderPrice };

export type PreparationError =
  | SelectionError
  | OrderingErrorOf<
      | 'ordering.restaurant_not_found'
      | 'ordering.restaurant_closed'
      | 'ordering.dining_option_not_offered'
      | 'ordering.address_required'
      | 'ordering.address_unexpected'
      | 'ordering.schedule_out_of_range'
      | 'ordering.total_too_large'
    >;

const SCHEDULE_AHEAD_MS = 30 * 24 * 60 * 60 * 1_000;

/** Everything about an order that can be said before stock is touched: whether it may be made at all, and its price. */
export async function prepareOrder(
  facts: Pick<OrderingFacts, 'restaurants' | 'menu'>,
  request: OrderRequest,
  at: number,
): Promise<Result<PreparedOrder, PreparationError>> {
  const { restaurantId, diningOption, payment, lines: asked, tip } = request;
  const restaurant = await facts.restaurants.find(restaurantId);
  if (!restaurant) return err({ code: 'ordering.restaurant_not_found', restaurantId });
  const refused = refusal(restaurant, request, at);
  if (refused) return err(refused);

  const offers = (await facts.menu.offers(restaurantId)) ?? new Map();
  const chosen = choose(asked, offers, restaurant.timeZone, request.scheduledFor ?? at);
  if (!chosen.ok) return chosen;

  const priced = priceOrder(chosen.value, tip, {
    pricesIncludeTax: restaurant.pricesIncludeTax,
    componentsFor: (taxClass) => restaurant.taxFor(taxClass, diningOption),
    roundTo: payment === 'cash' ? restaurant.cashRounding : 1,
  });
  return priced.ok ? ok({ restaurant, ...priced.value }) : priced;
}

function refusal(
  { diningOptions, openingHours, timeZone, isAcceptingOrders }: OrderingRestaurant,
  { diningOption, deliveryAddress, scheduledFor }: OrderRequest,
  at: number,
): PreparationError | undefined {
  if (!diningOptions.includes(diningOption)) return { code: 'ordering.dining_option_not_offered', diningOption, offered: diningOptions };
  if (diningOption === 'delivery' && deliveryAddress === null) return { code: 'ordering.address_required' };
  if (diningOption !== 'delivery' && deliveryAddress !== null) return { code: 'ordering.address_unexpected', diningOption };
  const latest = at + SCHEDULE_AHEAD_MS;
  if (scheduledFor !== null && (scheduledFor < at || scheduledFor > latest)) return { code: 'ordering.schedule_out_of_range', earliest: at, latest };
  const when = scheduledFor ?? at;
  if (!isAcceptingOrders || !holdsAt(openingHours, timeZone, when))
    return { code: 'ordering.restaurant_closed', at: when, isPaused: !isAcceptingOrders };
  return undefined;
}
