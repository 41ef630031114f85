import { course, dish } from './dish.ts';

export const BREADS = course('Breads', [
  dish('Tandoori Roti', 30_00, 'Wholewheat, from the wall of the oven.', { 'Wheat flour': 0.06 }, { tags: ['dairy_free'] }),
  dish('Butter Naan', 55_00, 'Leavened, blistered, and shining.', { 'Refined flour': 0.08, Curd: 0.015, Milk: 0.01, Butter: 0.01 }),
  dish('Garlic Naan', 65_00, 'Butter naan with more garlic than you should eat before a meeting.', {
    'Refined flour': 0.08,
    Curd: 0.015,
    Milk: 0.01,
    Butter: 0.01,
    'Ginger-garlic paste': 6,
    Coriander: 2,
  }),
  dish('Laccha Paratha', 60_00, 'Coiled, rolled and griddled, so that it comes apart in rings.', { 'Wheat flour': 0.09, Ghee: 0.012 }),
  dish('Missi Roti', 50_00, 'Gram flour and wheat with onion and carom. Good with pickle alone.', {
    'Gram flour': 0.05,
    'Wheat flour': 0.03,
    Onion: 0.02,
    'Green chilli': 2,
    'Sunflower oil': 0.005,
  }),
]);

export const SWEETS = course('Sweets', [
  dish(
    'Gulab Jamun',
    90_00,
    'Two, warm, in cardamom syrup.',
    {
      Khoya: 0.06,
      'Refined flour': 0.02,
      Milk: 0.01,
      Sugar: 0.06,
      Cardamom: 0.5,
      'Sunflower oil': 0.02,
    },
    { tags: ['bestseller'] },
  ),
  dish(
    'Gajar Halwa',
    120_00,
    'Red winter carrots cooked down in milk and ghee until only sweetness is left.',
    {
      Carrot: 0.14,
      Milk: 0.15,
      Khoya: 0.02,
      Sugar: 0.03,
      Ghee: 0.012,
      Cashew: 5,
      Cardamom: 0.5,
    },
    { tags: ['seasonal'] },
  ),
  dish(
    'Rice Kheer',
    100_00,
    'Broken basmati and milk, stirred for an hour, with saffron and pistachio.',
    {
      'Basmati rice': 0.02,
      Milk: 0.2,
      Sugar: 0.03,
      Saffron: 0.03,
      Pistachio: 5,
      Cardamom: 0.5,
    },
    { tags: ['gluten_free', 'satvik'] },
  ),
  dish(
    'Pistachio Kulfi',
    110_00,
    'Milk reduced to a third, frozen in a cone, never churned.',
    {
      Milk: 0.18,
      Khoya: 0.02,
      Sugar: 0.025,
      Pistachio: 8,
      Cardamom: 0.5,
    },
    { tags: ['gluten_free'] },
  ),
]);

export const DRINKS = course('Drinks', [
  dish(
    'Masala Chai',
    40_00,
    'Assam leaf boiled with ginger, cardamom and milk until it means it.',
    {
      'Tea leaf': 4,
      Milk: 0.1,
      Cardamom: 0.5,
    },
    { choices: ['Sweetness'], tags: ['bestseller'] },
  ),
  dish('Filter Coffee', 60_00, 'Decoction and frothing milk, poured from a height.', { 'Coffee powder': 14, Milk: 0.12 }, { choices: ['Sweetness'] }),
  dish(
    'Sweet Lassi',
    90_00,
    'Curd from this morning, churned with sugar and a little cardamom.',
    {
      Curd: 0.18,
      Sugar: 0.025,
      Cardamom: 0.3,
    },
    { choices: ['Glass of lassi'] },
  ),
  dish(
    'Mango Lassi',
    120_00,
    'Alphonso pulp and curd. Summer, whatever the month.',
    {
      Curd: 0.14,
      'Mango pulp': 0.1,
      Sugar: 0.01,
    },
    { choices: ['Glass of lassi'], tags: ['bestseller'] },
  ),
  dish('Fresh Lime Soda', 80_00, 'One lime, squeezed when you order, over ice-cold soda.', { Lemon: 1, 'Soda water': 1 }, { choices: ['Sweetness'] }),
  dish('Cola 300 ml', 60_00, 'In the bottle, cold.', { 'Cola 300 ml': 1 }, { taxClass: 'aerated' }),
  dish('Mineral Water 1 l', 30_00, 'Sealed.', { 'Mineral water 1 l': 1 }, { taxClass: 'water' }),
]);
