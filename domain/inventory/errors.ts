/** Quantities in refusals are in the item's unit: people read them. */
export type InventoryError =
  | { readonly code: 'inventory.stock_item_not_found'; readonly stockItemId: string }
  | { readonly code: 'inventory.name_taken'; readonly name: string }
  | { readonly code: 'inventory.changed_meanwhile'; readonly version: number }
  | { readonly code: 'inventory.quantity_malformed'; readonly quantity: number }
  | { readonly code: 'inventory.already_expired'; readonly stockItemId: string }
  | { readonly code: 'inventory.too_many_batches'; readonly limit: number }
  | { readonly code: 'inventory.too_much_stock'; readonly limit: number; readonly unit: string }
  | { readonly code: 'inventory.batch_not_found'; readonly batchId: string }
  | {
      readonly code: 'inventory.not_on_shelf';
      readonly stockItemId: string;
      readonly name: string;
      readonly unit: string;
      readonly needed: number;
      readonly available: number;
    }
  | {
      readonly code: 'inventory.count_below_held';
      readonly stockItemId: string;
      readonly name: string;
      readonly unit: string;
      readonly counted: number;
      readonly held: number;
    }
  | { readonly code: 'inventory.units_differ'; readonly unit: string; readonly toUnit: string }
  | { readonly code: 'inventory.transfer_to_itself'; readonly stockItemId: string }
  | { readonly code: 'inventory.sellable_not_found'; readonly sellableId: string }
  | { readonly code: 'inventory.recipe_not_found'; readonly sellableId: string }
  | { readonly code: 'inventory.recipe_malformed'; readonly index: number; readonly reason: 'quantity' | 'duplicate' }
  | { readonly code: 'inventory.recipe_too_long'; readonly limit: number }
  | { readonly code: 'inventory.idempotency_key_reused' }
  | { readonly code: 'inventory.request_in_progress' };

export type InventoryErrorOf<Code extends InventoryError['code']> = Extract<InventoryError, { readonly code: Code }>;
