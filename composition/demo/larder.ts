import type { Allergen, Diet } from '#domain/catalogue/labels.ts';
import type { Unit } from '#domain/inventory/stock-item.ts';

/** Something the kitchen keeps. Quantities are in its unit. */
export type Ingredient = {
  readonly unit: Unit;
  /** What there is of it when the demo opens. */
  readonly opening: number;
  readonly lowAt: number;
  /** How long each delivery of it keeps, in days, the older one first; none when it keeps for ever. */
  readonly keeps: readonly number[];
  /** The strictest mark a dish can have that takes it. */
  readonly diet: Diet;
  readonly allergens: readonly Allergen[];
};

const kept = (unit: Unit, opening: number, lowAt: number, ...allergens: readonly Allergen[]): Ingredient => ({
  unit,
  opening,
  lowAt,
  keeps: [],
  diet: 'vegan',
  allergens,
});
const dairy = (unit: Unit, opening: number, lowAt: number, ...keeps: readonly number[]): Ingredient => ({
  unit,
  opening,
  lowAt,
  keeps,
  diet: 'veg',
  allergens: ['milk'],
});
const meat = (opening: number, lowAt: number, keeps: readonly number[], ...allergens: readonly Allergen[]): Ingredient => ({
  unit: 'kg',
  opening,
  lowAt,
  keeps,
  diet: 'non_veg',
  allergens,
});

export const LARDER = {
  'Basmati rice': kept('kg', 60, 10),
  'Idli rice': kept('kg', 36, 5),
  'Flattened rice': kept('kg', 24, 4),
  Semolina: kept('kg', 24, 4, 'gluten'),
  'Wheat flour': kept('kg', 48, 8, 'gluten'),
  'Refined flour': kept('kg', 36, 6, 'gluten'),
  'Gram flour': kept('kg', 24, 4),
  'Pav bun': kept('piece', 800, 100, 'gluten'),
  Papad: kept('piece', 700, 80),

  'Toor dal': kept('kg', 30, 5),
  'Urad dal': kept('kg', 28, 5),
  'Moong dal': kept('kg', 24, 4),
  Chickpea: kept('kg', 26, 4),
  'Kidney bean': kept('kg', 26, 4),

  Onion: kept('kg', 60, 10),
  Tomato: kept('kg', 60, 10),
  Potato: kept('kg', 60, 10),
  Cauliflower: kept('kg', 50, 8),
  Spinach: kept('kg', 60, 8),
  Okra: kept('kg', 55, 8),
  Aubergine: kept('kg', 70, 10),
  Carrot: kept('kg', 50, 8),
  'Green pea': kept('kg', 30, 5),
  Capsicum: kept('kg', 25, 4),
  Lemon: kept('piece', 600, 80),
  'Ginger-garlic paste': kept('g', 8_000, 1_000),
  'Green chilli': kept('g', 5_000, 600),
  Coriander: kept('g', 5_000, 600),
  'Curry leaf': kept('g', 1_500, 200),
  'Grated coconut': kept('g', 16_000, 2_000),
  'Coconut milk': kept('l', 40, 6),

  'Garam masala': kept('g', 4_000, 500),
  'Chilli powder': kept('g', 4_000, 500),
  Turmeric: kept('g', 2_000, 250),
  Cumin: kept('g', 2_500, 300),
  'Mustard seed': kept('g', 1_500, 200, 'mustard'),
  Cardamom: kept('g', 900, 120),
  Saffron: kept('g', 30, 4),
  Tamarind: kept('g', 5_000, 600),
  'Sunflower oil': kept('l', 45, 8),
  Sugar: kept('kg', 40, 6),
  Jaggery: kept('kg', 18, 3),
  Cashew: kept('g', 9_000, 1_200, 'nuts'),
  Pistachio: kept('g', 3_000, 400, 'nuts'),
  Peanut: kept('g', 8_000, 1_000, 'peanuts'),

  Milk: dairy('l', 80, 12, 30, 75),
  Curd: dairy('kg', 60, 10, 14, 30),
  Paneer: dairy('kg', 60, 8, 21, 45),
  Butter: dairy('kg', 14, 2, 60, 120),
  Cream: dairy('l', 20, 3, 30, 75),
  Khoya: dairy('kg', 20, 3, 30, 60),
  Ghee: dairy('kg', 16, 2),

  Chicken: meat(70, 10, [30, 75]),
  Mutton: meat(60, 8, [30, 75]),
  'Seer fish': meat(55, 8, [30, 60], 'fish'),
  Prawn: meat(40, 6, [30, 60], 'crustaceans'),
  Egg: { ...kept('piece', 900, 120, 'eggs'), keeps: [14, 28], diet: 'egg' },

  'Tea leaf': kept('g', 2_000, 250),
  'Coffee powder': kept('g', 5_000, 600),
  'Mango pulp': kept('l', 36, 5),
  'Soda water': kept('piece', 300, 40),
  'Cola 300 ml': kept('piece', 300, 40),
  'Mineral water 1 l': kept('piece', 300, 40),
} as const satisfies Readonly<Record<string, Ingredient>>;

export type IngredientName = keyof typeof LARDER;
/** How much of what goes into one portion, each in the ingredient's own unit. */
export type Takes = Readonly<Partial<Record<IngredientName, number>>>;

export const takesOf = (takes: Takes): readonly (readonly [IngredientName, number])[] => Object.entries(takes) as [IngredientName, number][];

const STRICTEST_FIRST: readonly Diet[] = ['vegan', 'veg', 'egg', 'non_veg'];
const ingredientsOf = (parts: readonly Takes[]): readonly Ingredient[] => parts.flatMap(takesOf).map(([name]) => LARDER[name]);

/** The mark that the least strict of the ingredients allows. */
export const dietOf = (parts: readonly Takes[]): Diet =>
  ingredientsOf(parts).reduce<Diet>((mark, { diet }) => (STRICTEST_FIRST.indexOf(diet) > STRICTEST_FIRST.indexOf(mark) ? diet : mark), 'vegan');

export const allergensOf = (parts: readonly Takes[]): readonly Allergen[] =>
  [...new Set(ingredientsOf(parts).flatMap(({ allergens }) => allergens))].sort();
