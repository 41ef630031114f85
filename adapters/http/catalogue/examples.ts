const ID = (n: number): string => `019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a${n}`;
const inr = (amount: number) => ({ amount, currency: 'INR' });

export const CATEGORY_EXAMPLE = { name: 'Breakfast', position: 0, hours: [{ day: 6, from: '07:00', to: '11:30' }] };
export const CATEGORY_VIEW_EXAMPLE = { id: ID(11), ...CATEGORY_EXAMPLE, version: 1 };

export const ITEM_EXAMPLE = {
  categoryId: ID(11),
  name: 'Masala Dosa',
  description: 'Rice and lentil crêpe with spiced potato',
  price: 12900,
  taxClass: 'food',
  diet: 'veg',
  tags: ['bestseller'],
  allergens: ['mustard'],
  hours: null,
  groupIds: [ID(31)],
  position: 0,
};
export const ITEM_VIEW_EXAMPLE = { id: ID(20), ...ITEM_EXAMPLE, price: inr(12900), version: 1 };

export const GROUP_EXAMPLE = { name: 'Extras', min: 0, max: 2, options: [{ name: 'Extra ghee', price: 2000, max: 2 }] };
const OPTION = { id: ID(30), name: 'Extra ghee', price: inr(2000), max: 2 };
export const GROUP_VIEW_EXAMPLE = {
  id: ID(31),
  name: 'Extras',
  min: 0,
  max: 2,
  isRequired: false,
  options: [{ ...OPTION, isOutOfStock: false }],
  version: 1,
};

export const MENU_EXAMPLE = {
  restaurantId: ID(10),
  currency: 'INR',
  categories: [
    {
      ...CATEGORY_VIEW_EXAMPLE,
      isAvailableNow: true,
      items: [{ ...ITEM_VIEW_EXAMPLE, isAvailableNow: true, isOrderableNow: true, availability: { state: 'quantity', quantity: 12 } }],
    },
  ],
  modifierGroups: [{ ...GROUP_VIEW_EXAMPLE, options: [{ ...OPTION, state: 'in_stock' }] }],
};

export const AVAILABILITY_EXAMPLE = {
  state: 'in_stock',
  setTo: 'in_stock',
  isOrderableNow: true,
  portions: 14,
  limitedBy: { stockItemId: ID(40), name: 'Paneer', unit: 'kg', available: 2.1, needed: 0.15 },
  nextOpening: null,
};

export const CSV_EXAMPLE =
  'category,name,description,price,taxClass,diet,tags,allergens,available\r\nBreakfast,Masala Dosa,,129.00,food,veg,bestseller,mustard,yes\r\n';
export const IMPORT_EXAMPLE = {
  categories: [{ name: 'Breakfast', hours: [{ day: 6, from: '07:00', to: '11:30' }] }],
  items: [{ category: 'Breakfast', name: 'Masala Dosa', price: 12900, taxClass: 'food', diet: 'veg', allergens: ['mustard'] }],
};
