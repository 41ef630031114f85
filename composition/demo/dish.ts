import type { ItemTag } from '#domain/catalogue/labels.ts';
import type { WeeklyHours } from '#domain/shared/weekly-hours.ts';
import { CHOICES, type Choice, type ChoiceName } from './choices.ts';
import type { Takes } from './larder.ts';
import type { TaxClass } from './restaurant.ts';

export type Dish = {
  readonly name: string;
  /** In paise, without tax. */
  readonly price: number;
  readonly description: string;
  readonly takes: Takes;
  readonly choices: readonly ChoiceName[];
  readonly tags: readonly ItemTag[];
  readonly taxClass: TaxClass;
  /** When it is served, within the hours of its course; null is always. */
  readonly hours: WeeklyHours | null;
  /** How many are cooked a day; null when only the larder limits them. */
  readonly portions: number | null;
};
/** A part of the menu card. */
export type Course = { readonly name: string; readonly hours: WeeklyHours | null; readonly dishes: readonly Dish[] };

type More = Partial<Pick<Dish, 'choices' | 'tags' | 'taxClass' | 'hours' | 'portions'>>;

export const dish = (name: string, price: number, description: string, takes: Takes, more: More = {}): Dish => ({
  name,
  price,
  description,
  takes,
  choices: [],
  tags: [],
  taxClass: 'food',
  hours: null,
  portions: null,
  ...more,
});
export const course = (name: string, dishes: readonly Dish[], hours: WeeklyHours | null = null): Course => ({ name, hours, dishes });
/** Every day from one time to another, which may be on the next day. */
export const daily = (from: string, to: string): WeeklyHours => ([1, 2, 3, 4, 5, 6, 7] as const).map((day) => ({ day, from, to }));

/** What a portion takes, and what it may take by a choice that must be made: a dish is marked by all of it, so that nobody is told too little. */
export const essentialsOf = ({ takes, choices }: Dish): readonly Takes[] => [
  takes,
  ...choices.flatMap((name) => {
    const { min, options }: Choice = CHOICES[name];
    return min > 0 ? options.map((option) => option.takes) : [];
  }),
];
