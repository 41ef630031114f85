import { z } from 'zod';
import type { MovementView as Movement } from '#application/inventory/ports.ts';
import type { ItemLevel } from '#application/inventory/stock-levels.ts';
import { STOCK_LEVELS } from '#domain/inventory/alert.ts';
import { MOVEMENT_KINDS, type MovementLine, PLACES, type StockEntry } from '#domain/inventory/movement.ts';
import type { Recipe } from '#domain/inventory/recipe.ts';
import { RESERVATION_STATUSES, type Reservation } from '#domain/inventory/reservation.ts';
import { type StockItem, UNITS } from '#domain/inventory/stock-item.ts';
import { Quantity } from '#domain/shared/quantity.ts';
import { Id, InstantView } from '../schemas.ts';

const Units = z.number().meta({ description: "In the item's unit, to the thousandth" });
const Line = z.object({ stockItemId: Id, batchId: Id, quantity: Units });

export const UnitName = z.enum(UNITS);
export const Status = z.enum(RESERVATION_STATUSES);
export const StockItemView = z.object({ id: Id, name: z.string(), unit: UnitName, lowStockThreshold: Units, version: z.int() });
export const LevelView = z.object({
  stockItemId: Id,
  name: z.string(),
  unit: UnitName,
  onHand: Units,
  held: Units,
  available: Units,
  lowStockThreshold: Units,
  status: z.enum(STOCK_LEVELS),
  batches: z.array(z.object({ batchId: Id, lot: z.string().nullable(), expiresAt: InstantView.nullable(), onHand: Units, held: Units })),
});
const Moved = {
  documentId: Id.meta({ description: "The entry's own id, or the id of the order when the kind is `order`" }),
  kind: z.enum(MOVEMENT_KINDS),
  from: z.enum(PLACES),
  to: z.enum(PLACES),
  reason: z.string().nullable(),
  at: InstantView,
};
export const EntryView = z.object({ ...Moved, lines: z.array(Line) });
export const MovementView = z.object({ id: Id, ...Moved, ...Line.shape, name: z.string(), unit: UnitName });
export const RecipeView = z.object({
  sellableId: Id,
  lines: z.array(Line.omit({ batchId: true })),
  countsDown: z.boolean().meta({ description: 'Whether the portions left of it are counted down' }),
  version: z.int(),
});
export const ReservationView = z.object({
  orderId: Id,
  status: Status,
  lines: z.array(Line),
  expiresAt: InstantView.nullable(),
  reservedAt: InstantView,
  settledAt: InstantView.nullable(),
});

const units = Quantity.toUnits;
const inUnits = <T extends Pick<MovementLine, 'quantity'>>(line: T) => ({ ...line, quantity: units(line.quantity) });

export const stockItemView = (item: StockItem): z.input<typeof StockItemView> => ({ ...item, lowStockThreshold: units(item.lowStockThreshold) });
export const levelView = ({ item, onHand, held, available, level, batches }: ItemLevel): z.input<typeof LevelView> => ({
  stockItemId: item.id,
  name: item.name,
  unit: item.unit,
  onHand: units(onHand),
  held: units(held),
  available: units(available),
  lowStockThreshold: units(item.lowStockThreshold),
  status: level,
  batches: batches.map((batch) => ({ ...batch, onHand: units(batch.shelf + batch.held), held: units(batch.held) })),
});
export const entryView = (entry: StockEntry): z.input<typeof EntryView> => ({ ...entry, lines: entry.lines.map(inUnits) });
export const movementView = (movement: Movement) => inUnits(movement) as z.input<typeof MovementView>;
export const recipeView = (recipe: Recipe): z.input<typeof RecipeView> => ({ ...recipe, lines: recipe.lines.map(inUnits) });
export const reservationView = (reservation: Reservation): z.input<typeof ReservationView> => ({
  ...reservation,
  lines: reservation.lines.map(inUnits),
});
