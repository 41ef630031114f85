const at = '2026-11-21T10:30:00.000Z';
const expiresAt = '2026-11-24T18:30:00.000Z';
const id = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
const batchId = '019a9f3e-7c41-7b1c-9d55-3f1f1c2b7a11';
const line = { stockItemId: id, batchId, quantity: 2.5 };
const moved = { documentId: '019a9f3e-7c42-7b1c-9d55-3f1f1c2b7a12', kind: 'receipt', from: 'supplier', to: 'shelf', reason: null, at };

export const STOCK_ITEM_BODY = { name: 'Paneer', unit: 'kg', lowStockThreshold: 1 };
export const STOCK_ITEM_EXAMPLE = { id, ...STOCK_ITEM_BODY, version: 1 };
export const LEVEL_EXAMPLE = {
  stockItemId: id,
  name: 'Paneer',
  unit: 'kg',
  onHand: 2.5,
  held: 0.4,
  available: 2.1,
  lowStockThreshold: 1,
  status: 'ok',
  batches: [{ batchId, lot: 'L-2231', expiresAt, onHand: 2.5, held: 0.4 }],
};
export const ENTRY_BODY = { kind: 'receipt', stockItemId: id, quantity: 2.5, lot: 'L-2231', expiresAt };
export const ENTRY_EXAMPLE = { ...moved, lines: [line] };
export const MOVEMENT_EXAMPLE = { id: '019a9f3e-7c43-7b1c-9d55-3f1f1c2b7a13', ...moved, ...line, name: 'Paneer', unit: 'kg' };
export const RECIPE_BODY = { lines: [{ stockItemId: id, quantity: 0.2 }] };
export const RECIPE_EXAMPLE = { sellableId: '019a9f3e-7c44-7b1c-9d55-3f1f1c2b7a14', ...RECIPE_BODY, countsDown: false, version: 1 };
export const RESERVATION_EXAMPLE = {
  orderId: '019a9f3e-7c45-7b1c-9d55-3f1f1c2b7a15',
  status: 'held',
  lines: [{ ...line, quantity: 0.4 }],
  expiresAt: null,
  reservedAt: at,
  settledAt: null,
};
