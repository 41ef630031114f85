import type { StockLevel } from './alert.ts';
import type { Batch } from './balance.ts';
import type { MovementLine, Place, StockEntry } from './movement.ts';
import type { RecipeLine } from './recipe.ts';
import type { Outcome } from './reservation.ts';
import type { StockKind, Unit } from './stock-item.ts';

type StockAlerted<Type extends string> = {
  readonly type: Type;
  readonly restaurantId: string;
  readonly stockItemId: string;
  readonly name: string;
  readonly unit: string;
  readonly was: StockLevel;
  readonly available: number;
  readonly threshold: number;
  readonly at: number;
};

/** The inventory module's published language. Quantities are in thousandths of the item's unit. */
export type InventoryEvent =
  | {
      readonly type: 'inventory.stock_item_added';
      readonly restaurantId: string;
      readonly stockItemId: string;
      readonly name: string;
      readonly unit: Unit;
      readonly kind: StockKind;
      readonly lowStockThreshold: number;
      readonly at: number;
    }
  | {
      readonly type: 'inventory.stock_item_changed';
      readonly restaurantId: string;
      readonly stockItemId: string;
      readonly name: string;
      readonly lowStockThreshold: number;
      readonly at: number;
    }
  | {
      readonly type: 'inventory.stock_moved';
      readonly restaurantId: string;
      readonly documentId: string;
      readonly kind: StockEntry['kind'];
      readonly from: Place;
      readonly to: Place;
      readonly lines: readonly MovementLine[];
      /** The batches among its lines that may be new. */
      readonly opens: readonly Batch[];
      readonly reason: string | null;
      readonly at: number;
    }
  | {
      readonly type: 'inventory.stock_reserved';
      readonly restaurantId: string;
      readonly orderId: string;
      readonly lines: readonly MovementLine[];
      readonly expiresAt: number | null;
      readonly at: number;
    }
  | {
      readonly type: 'inventory.reservation_settled';
      readonly restaurantId: string;
      readonly orderId: string;
      readonly outcome: Outcome;
      readonly lines: readonly MovementLine[];
      readonly at: number;
    }
  | {
      readonly type: 'inventory.recipe_changed';
      readonly restaurantId: string;
      readonly sellableId: string;
      readonly lines: readonly RecipeLine[];
      readonly countsDown: boolean;
      readonly at: number;
    }
  | StockAlerted<'inventory.stock_low'>
  | StockAlerted<'inventory.stock_out'>
  | StockAlerted<'inventory.stock_recovered'>;
