import type { RestaurantSettings } from '#domain/partners/restaurant.ts';
import { AROUND_THE_CLOCK } from '#domain/shared/weekly-hours.ts';

export const restaurantSettings = (changes: Partial<RestaurantSettings> = {}): RestaurantSettings => ({
  name: 'Annapurna',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  openingHours: AROUND_THE_CLOCK,
  businessDayStartsAt: '00:00',
  diningOptions: ['delivery', 'takeaway', 'dine_in'],
  pricesIncludeTax: false,
  taxRules: [
    {
      taxClass: 'food',
      components: [
        { name: 'CGST', percent: 2.5 },
        { name: 'SGST', percent: 2.5 },
      ],
    },
  ],
  cashRounding: 1,
  isAcceptingOrders: true,
  ...changes,
});
