import type { RestaurantSettings } from '#domain/partners/restaurant.ts';
import type { TaxComponent } from '#domain/shared/tax.ts';
import { AROUND_THE_CLOCK } from '#domain/shared/weekly-hours.ts';

/** GST within a state goes half to the union and half to the state. */
const gst = (percent: number): readonly TaxComponent[] => [
  { name: 'CGST', percent: percent / 2 },
  { name: 'SGST', percent: percent / 2 },
];

/** As they stand since 22 September 2025: restaurant service and bottled water 5 %, sweetened aerated drinks 40 %. */
const GST = { food: 5, water: 5, aerated: 40 } as const;
export type TaxClass = keyof typeof GST;

export const DEMO_RESTAURANT: RestaurantSettings = {
  name: 'Neem & Tamarind',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  openingHours: AROUND_THE_CLOCK,
  businessDayStartsAt: '05:00',
  diningOptions: ['delivery', 'takeaway', 'dine_in'],
  pricesIncludeTax: false,
  taxRules: Object.entries(GST).map(([taxClass, percent]) => ({ taxClass, components: gst(percent) })),
  cashRounding: 100,
  isAcceptingOrders: true,
};
