import type { Takes } from './larder.ts';

/** What a guest may or must choose with a dish. */
export type Choice = { readonly min: number; readonly max: number; readonly options: readonly ChoiceOption[] };
export type ChoiceOption = { readonly name: string; readonly price: number; readonly takes: Takes; readonly max: number };

/** `price` is added to the dish's, in paise; `max` is how often the option may be taken. */
const option = (name: string, price = 0, takes: Takes = {}, max = 1): ChoiceOption => ({ name, price, takes, max });
const exactlyOne = (...options: readonly ChoiceOption[]): Choice => ({ min: 1, max: 1, options });
const upTo = (max: number, ...options: readonly ChoiceOption[]): Choice => ({ min: 0, max, options });

export const CHOICES = {
  'Spice level': exactlyOne(option('Mild'), option('Medium'), option('Hot'), option('Andhra hot', 0, { 'Green chilli': 6, 'Chilli powder': 2 })),
  'Bread for the thali': exactlyOne(
    option('Three phulkas', 0, { 'Wheat flour': 0.09 }),
    option('Two tandoori rotis', 0, { 'Wheat flour': 0.11 }),
    option('One butter naan', 20_00, { 'Refined flour': 0.08, Curd: 0.015, Butter: 0.01 }),
    option('No bread, more rice', 0, { 'Basmati rice': 0.08 }),
  ),
  'Thali extras': upTo(
    6,
    option('Bowl of curd', 35_00, { Curd: 0.1 }, 2),
    option('Roasted papad', 15_00, { Papad: 1 }, 3),
    option('Spoon of ghee', 25_00, { Ghee: 0.015 }, 2),
    option('Gulab jamun', 40_00, { Khoya: 0.03, 'Refined flour': 0.01, Sugar: 0.03, 'Sunflower oil': 0.01 }, 2),
  ),
  'Biryani size': exactlyOne(
    option('Regular'),
    option('Large, half as much rice again', 110_00, { 'Basmati rice': 0.08, Ghee: 0.005 }),
    option('Handi for two', 260_00, { 'Basmati rice': 0.16, Ghee: 0.01, Curd: 0.1 }),
  ),
  'With the biryani': upTo(
    4,
    option('Onion raita', 40_00, { Curd: 0.12, Onion: 0.03, Cumin: 1 }, 2),
    option('Peanut salan', 45_00, { Peanut: 20, Tamarind: 5, 'Sunflower oil': 0.01 }, 2),
    option('Boiled egg', 20_00, { Egg: 1 }, 4),
  ),
  'Make it richer': upTo(
    4,
    option('Extra paneer', 70_00, { Paneer: 0.08 }, 2),
    option('Swirl of cream', 30_00, { Cream: 0.03 }, 2),
    option('Knob of butter', 20_00, { Butter: 0.015 }, 2),
  ),
  'Chutneys and podi': upTo(
    4,
    option('Coconut chutney', 20_00, { 'Grated coconut': 25, 'Green chilli': 2, 'Curry leaf': 0.5 }, 2),
    option('Tomato chutney', 20_00, { Tomato: 0.06, 'Chilli powder': 1, 'Mustard seed': 0.5 }, 2),
    option('Gunpowder with ghee', 30_00, { 'Urad dal': 0.01, 'Chilli powder': 2, Ghee: 0.01 }, 2),
  ),
  'Glass of lassi': exactlyOne(option('Regular glass'), option('Tall steel glass', 35_00, { Curd: 0.1 })),
  Sweetness: exactlyOne(
    option('Regular', 0, { Sugar: 0.012 }),
    option('Less sugar', 0, { Sugar: 0.006 }),
    option('No sugar'),
    option('Jaggery', 10_00, { Jaggery: 0.014 }),
  ),
} as const satisfies Readonly<Record<string, Choice>>;

export type ChoiceName = keyof typeof CHOICES;
