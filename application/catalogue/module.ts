import { addCategory } from './add-category.ts';
import { addItem } from './add-item.ts';
import { addModifierGroup } from './add-modifier-group.ts';
import { archiveCategory } from './archive-category.ts';
import { archiveItem } from './archive-item.ts';
import { archiveModifierGroup } from './archive-modifier-group.ts';
import { changeCategory } from './change-category.ts';
import { changeItem } from './change-item.ts';
import { changeModifierGroup } from './change-modifier-group.ts';
import { importMenu } from './import-menu.ts';
import type { CatalogueDeps } from './ports.ts';
import { listModifierGroups, readItem, readItemAvailability, readMenu } from './read-menu.ts';
import { setItemAvailability } from './set-item-availability.ts';
import { setOptionAvailability } from './set-option-availability.ts';

/** Everything the outside may ask of the catalogue. */
export const createCatalogue = (deps: CatalogueDeps) => ({
  addCategory: addCategory(deps),
  changeCategory: changeCategory(deps),
  archiveCategory: archiveCategory(deps),
  addItem: addItem(deps),
  changeItem: changeItem(deps),
  archiveItem: archiveItem(deps),
  setItemAvailability: setItemAvailability(deps),
  addModifierGroup: addModifierGroup(deps),
  changeModifierGroup: changeModifierGroup(deps),
  archiveModifierGroup: archiveModifierGroup(deps),
  setOptionAvailability: setOptionAvailability(deps),
  importMenu: importMenu(deps),
  menu: readMenu(deps),
  item: readItem(deps),
  itemAvailability: readItemAvailability(deps),
  categories: deps.queries.categories,
  modifierGroups: listModifierGroups(deps),
  /** What can be ordered, by item id: the same map while the menu stands. Undefined when the restaurant has none. */
  offers: async (restaurantId: string) => (await deps.menus.find(restaurantId))?.offers,
});
export type Catalogue = ReturnType<typeof createCatalogue>;
