import type { Course, Dish } from './dish.ts';
import { CURRIES, STARTERS } from './dishes.ts';
import { BIRYANI, THALIS } from './meals.ts';
import { BREADS, DRINKS, SWEETS } from './sides.ts';
import { LATE_NIGHT, TIFFIN } from './tiffin.ts';

/** The menu card of the demo restaurant, in the order it is read. */
export const MENU: readonly Course[] = [THALIS, TIFFIN, STARTERS, CURRIES, BIRYANI, BREADS, SWEETS, DRINKS, LATE_NIGHT];
export const DISHES: readonly Dish[] = MENU.flatMap(({ dishes }) => dishes);
