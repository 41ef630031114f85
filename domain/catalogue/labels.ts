/** What a dish is made of, as the mark on Indian packages and menus tells. */
export const DIETS = ['veg', 'non_veg', 'egg', 'vegan'] as const;
export type Diet = (typeof DIETS)[number];

export const ITEM_TAGS = [
  'jain',
  'satvik',
  'halal',
  'kosher',
  'gluten_free',
  'dairy_free',
  'nut_free',
  'sugar_free',
  'organic',
  'high_protein',
  'spicy',
  'extra_spicy',
  'contains_alcohol',
  'chef_special',
  'bestseller',
  'seasonal',
  'new',
] as const;
export type ItemTag = (typeof ITEM_TAGS)[number];

/** The fourteen of Annex II of Regulation (EU) 1169/2011 on food information to consumers. */
export const ALLERGENS = [
  'celery',
  'crustaceans',
  'eggs',
  'fish',
  'gluten',
  'lupin',
  'milk',
  'molluscs',
  'mustard',
  'nuts',
  'peanuts',
  'sesame',
  'soybeans',
  'sulphites',
] as const;
export type Allergen = (typeof ALLERGENS)[number];
