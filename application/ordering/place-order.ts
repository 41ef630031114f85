import type { DoneRequest } from '#application/shared/requests.ts';
import { together } from '#application/shared/together.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { OrderingErrorOf } from '#domain/ordering/errors.ts';
import { Order, OrderId } from '#domain/ordering/order.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { businessDay } from '#domain/shared/weekly-hours.ts';
import type { OrderingDeps, OrderingTx, Portions, StockDemand } from './ports.ts';
import { type OrderRequest, type PreparationError, type PreparedOrder, prepareOrder } from './prepare-order.ts';

export type PlaceOrder = {
  readonly request: OrderRequest;
  /** The caller's own name for this request, and a digest of it: sent again, it answers the same order. */
  readonly key: string;
  readonly fingerprint: string;
};

type Refusal = PreparationError | OrderingErrorOf<'ordering.insufficient_stock' | 'ordering.idempotency_key_reused' | 'ordering.request_in_progress'>;
type Deps = Pick<OrderingDeps, 'placements' | 'queries' | 'requests' | 'facts' | 'numbers' | 'clock' | 'ids'>;

const STALE_MAX = 3;

/** Places an order with its stock held, or nothing at all. Prices come from the menu, never from the caller. */
export const placeOrder =
  (deps: Deps) =>
  async (command: PlaceOrder, actor: Actor): Promise<Result<Order, Refusal>> => {
    invariant(actor.kind === 'account', 'only an account can place an order');
    const { placements, requests, facts, clock } = deps;
    const { request, key, fingerprint } = command;
    const scope = `orders:${actor.accountId}`;
    const at = clock.now();

    const prepared = await prepareOrder(facts, request, at);
    if (!prepared.ok) {
      const done = await requests.find(scope, key); // What was placed stays placed, even if it could not be placed again.
      return done ? repeat(deps, done, fingerprint) : prepared;
    }
    const placed = await draft(deps, command, prepared.value, actor.accountId, at);
    const { id: orderId, restaurantId, expiresAt, scheduledFor } = placed.state;
    const portions = portionsOf(placed.state);
    const attempt = ({ lines: demand, revision }: StockDemand) =>
      placements.run(actor, async (tx: OrderingTx) => {
        // Sent together, done in this order: what is locked last is locked for the shortest time, and others want the same onions.
        const [claim, , reserved] = await together(
          tx.requests.claim({ scope, key, fingerprint, outcome: orderId }),
          tx.orders.save(placed),
          tx.stock.reserve({ restaurantId, orderId, demand, revision, expiresAt, usableAt: scheduledFor ?? at, at }),
        );
        if (claim !== 'claimed') return err({ taken: claim }); // Whatever else was done for it is undone.
        return reserved === 'reserved' ? ok(undefined) : err({ reserved });
      });

    let demand = await facts.stockroom.demandFor(restaurantId, portions);
    let result = await attempt(demand);
    for (let i = 0; i < STALE_MAX && !result.ok && 'reserved' in result.error && result.error.reserved === 'stale'; i++) {
      demand = await facts.stockroom.demandFor(restaurantId, portions, demand.revision);
      result = await attempt(demand);
    }
    if (result.ok) return ok({ ...placed.state, version: placed.state.version + placed.events.length });
    if ('reserved' in result.error) {
      const { reserved } = result.error;
      if (reserved === 'stale') throw new WriteConflict(`the recipes of ${restaurantId} change faster than orders are placed`);
      return err({ code: 'ordering.insufficient_stock', shortages: reserved });
    }
    const { taken } = result.error;
    return taken === 'running' ? err({ code: 'ordering.request_in_progress' }) : repeat(deps, taken, fingerprint);
  };

async function draft({ numbers, ids }: Deps, { request }: PlaceOrder, { restaurant, lines, price }: PreparedOrder, customerId: string, at: number) {
  const { restaurantId, diningOption, payment, deliveryAddress, scheduledFor } = request;
  const day = businessDay(restaurant.timeZone, at, restaurant.businessDayStartsAt);
  return Order.place(OrderId.of(ids.next()), {
    restaurantId,
    customerId,
    number: await numbers.next(restaurantId, day),
    businessDay: day,
    diningOption,
    payment,
    currency: restaurant.currency,
    lines,
    price,
    deliveryAddress,
    scheduledFor,
    placedAt: at,
    expiresAt: payment === 'online' ? at + restaurant.unpaidHoldMs : null,
  });
}

/** The same request again answers what it answered the first time; another one under the same key is refused. */
async function repeat(
  { queries }: Deps,
  { fingerprint, outcome }: DoneRequest,
  asked: string,
): Promise<Result<Order, OrderingErrorOf<'ordering.idempotency_key_reused'>>> {
  if (fingerprint !== asked) return err({ code: 'ordering.idempotency_key_reused' });
  const order = await queries.asPlaced(OrderId.of(outcome));
  invariant(order !== undefined, `the request's order ${outcome} is gone`);
  return ok(order);
}

const portionsOf = ({ lines }: Order): Portions =>
  lines.flatMap(({ itemId, quantity, modifiers }) => [
    { sellableId: itemId, quantity },
    ...modifiers.map((modifier) => ({ sellableId: modifier.optionId, quantity: modifier.quantity * quantity })),
  ]);
