import type { Course } from './dish.ts';
import { CURRIES, STARTERS } from './dishes.ts';
import { BIRYANI, LATE_NIGHT, THALIS, TIFFIN } from './meals.ts';
import { BREADS, DRINKS, SWEETS } from './sides.ts';

/** The menu card of the demo restaurant, in the order it is read. */
export const MENU: readonly Course[] = [THALIS, TIFFIN, STARTERS, CURRIES, BIRYANI, BREADS, SWEETS, DRINKS, LATE_NIGHT];
