import { z } from 'zod';
import type { EnterStock } from '#application/inventory/enter-stock.ts';
import type { Inventory } from '#application/inventory/module.ts';
import type { StockEntry } from '#domain/inventory/movement.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id, IdempotencyKey, Instant, link, PageQuery, pageRequest, pageView, RestaurantParams, Text } from '../schemas.ts';
import { ENTRY_BODY, ENTRY_EXAMPLE, MOVEMENT_EXAMPLE } from './examples.ts';
import { Units } from './inputs.ts';
import { INVENTORY_PROBLEMS } from './problems.ts';
import { EntryView, entryView, MovementView, movementView } from './views.ts';

/** No food keeps longer. */
const EXPIRY_MAX = Date.UTC(2200, 0, 1);

const Reason = Text(200).min(1);
const Expiry = Instant.transform((at) => Date.parse(at)).pipe(z.number().max(EXPIRY_MAX, 'before the year 2200'));
const entry = { stockItemId: Id, reason: Reason.optional() };
const EntryBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('receipt'), ...entry, quantity: Units, lot: Text(60).min(1).optional(), expiresAt: Expiry.optional() }),
  z.strictObject({ kind: z.literal('waste'), ...entry, quantity: Units, batchId: Id.optional(), reason: Reason }),
  z.strictObject({ kind: z.literal('count'), ...entry, counted: Units, batchId: Id.optional() }),
  z.strictObject({ kind: z.literal('transfer'), ...entry, quantity: Units, toRestaurantId: Id, toStockItemId: Id }),
]);
const KeyHeader = z.object({
  'idempotency-key': IdempotencyKey.optional().meta({
    description: 'Your own name for this entry. Sent again with the same body, it answers the same entry and moves nothing.',
    example: 'b4a1c8e2-delivery-1',
  }),
});

type Entering = 'receiveStock' | 'wasteStock' | 'countStock' | 'transferStock';
type Refusal = Extract<Awaited<ReturnType<Inventory[Entering]>>, { readonly ok: false }>['error'];

export const movementRoutes = (inventory: Inventory): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/stock-movements',
    operationId: 'listStockMovements',
    tag: 'Stock',
    summary: 'Read the stock ledger, newest first',
    description: 'Every quantity goes from one place to another; nothing in it is ever changed.',
    access: { permission: 'stock:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery.extend({ stockItemId: Id.optional() }),
    status: 200,
    response: pageView(MovementView),
    example: { response: { data: [MOVEMENT_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/stock-movements`, page, query),
    async handle({ params, query: { stockItemId, ...query } }) {
      const { data, next } = await inventory.movements(params.restaurantId, stockItemId, pageRequest(query));
      return ok({ data: data.map(movementView), next });
    },
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/stock-movements',
    operationId: 'enterStock',
    tag: 'Stock',
    summary: 'Receive, waste, count or transfer stock',
    description:
      'A receipt with a lot or an expiry is a batch of its own; orders take what expires first, and never what has expired. Without a batch, ' +
      'waste takes what expires first and a count is of all batches together. A count is of everything on hand, held stock included. ' +
      'A transfer goes to the same thing in another restaurant where you may change stock, lots and expiries along with it.',
    access: { permission: 'stock:write', in: 'restaurant' },
    params: RestaurantParams,
    headers: KeyHeader,
    body: EntryBody,
    status: 201,
    response: EntryView,
    example: { body: ENTRY_BODY, response: ENTRY_EXAMPLE },
    problems: pick(
      INVENTORY_PROBLEMS,
      'inventory.stock_item_not_found',
      'inventory.quantity_malformed',
      'inventory.already_expired',
      'inventory.too_many_batches',
      'inventory.too_much_stock',
      'inventory.batch_not_found',
      'inventory.not_on_shelf',
      'inventory.count_below_held',
      'inventory.units_differ',
      'inventory.transfer_to_itself',
      'inventory.idempotency_key_reused',
      'inventory.request_in_progress',
    ),
    async handle({ params: { restaurantId }, headers, body }, { actor, fingerprint }) {
      const key = headers['idempotency-key'];
      const request = key === undefined ? undefined : { key, fingerprint: fingerprint() };
      const made = await enter(inventory, body, { restaurantId, stockItemId: body.stockItemId, reason: body.reason ?? null, request }, actor);
      return made.ok ? ok(entryView(made.value)) : made;
    },
  }),
];

function enter(inventory: Inventory, body: z.output<typeof EntryBody>, heading: EnterStock, actor: Actor): Promise<Result<StockEntry, Refusal>> {
  switch (body.kind) {
    case 'receipt':
      return inventory.receiveStock({ ...heading, quantity: body.quantity, lot: body.lot ?? null, expiresAt: body.expiresAt ?? null }, actor);
    case 'waste':
      return inventory.wasteStock({ ...heading, quantity: body.quantity, batchId: body.batchId }, actor);
    case 'count':
      return inventory.countStock({ ...heading, counted: body.counted, batchId: body.batchId }, actor);
    case 'transfer': {
      const { quantity, toRestaurantId, toStockItemId } = body;
      return inventory.transferStock({ ...heading, quantity, toRestaurantId, toStockItemId }, actor);
    }
  }
}
