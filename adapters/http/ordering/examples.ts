const ID = (n: number): string => `019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a${n}`;
const inr = (amount: number) => ({ amount, currency: 'INR' });

export const REQUEST_EXAMPLE = {
  restaurantId: ID(10),
  diningOption: 'takeaway',
  payment: 'cash',
  lines: [{ itemId: ID(20), quantity: 2, modifiers: [{ optionId: ID(30), quantity: 1 }], note: 'not too hot' }],
  tip: 2000,
};

const PRICE = {
  currency: 'INR',
  lines: [
    {
      itemId: ID(20),
      name: 'Masala Dosa',
      quantity: 2,
      unitPrice: inr(12900),
      modifiers: [{ optionId: ID(30), name: 'Extra ghee', quantity: 1, unitPrice: inr(2000) }],
      note: 'not too hot',
      subtotal: inr(29800),
      taxes: [
        { name: 'CGST', percent: 2.5, amount: inr(745) },
        { name: 'SGST', percent: 2.5, amount: inr(745) },
      ],
    },
  ],
  pricesIncludeTax: false,
  subtotal: inr(29800),
  taxes: [
    { name: 'CGST', percent: 2.5, taxable: inr(29800), amount: inr(745) },
    { name: 'SGST', percent: 2.5, taxable: inr(29800), amount: inr(745) },
  ],
  tip: inr(2000),
  rounding: inr(10),
  total: inr(33300),
};
export const QUOTE_EXAMPLE = PRICE;

export const ORDER_EXAMPLE = {
  id: ID(40),
  number: '0042',
  businessDay: '2026-11-21',
  restaurantId: ID(10),
  customerId: ID(50),
  status: 'placed',
  reason: null,
  diningOption: 'takeaway',
  payment: 'cash',
  ...PRICE,
  deliveryAddress: null,
  scheduledFor: null,
  placedAt: '2026-11-21T10:30:00.000Z',
  expiresAt: null,
  version: 1,
};

export const HISTORY_EXAMPLE = {
  data: [
    { version: 1, from: null, to: 'placed', actor: `account:${ID(50)}`, reason: null, at: '2026-11-21T10:30:00.000Z' },
    { version: 2, from: 'placed', to: 'accepted', actor: `account:${ID(60)}`, reason: null, at: '2026-11-21T10:31:10.000Z' },
  ],
};
