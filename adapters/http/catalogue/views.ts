import { z } from 'zod';
import type { PricedItem } from '#application/catalogue/add-item.ts';
import type { PricedGroup } from '#application/catalogue/add-modifier-group.ts';
import type { GroupNow, ItemAvailability, ItemNow, MenuNow } from '#application/catalogue/read-menu.ts';
import type { Category } from '#domain/catalogue/category.ts';
import { ALLERGENS, DIETS, ITEM_TAGS } from '#domain/catalogue/labels.ts';
import { AVAILABILITY_STATES, type MenuItem } from '#domain/catalogue/menu-item.ts';
import { Currency, Id, Instant, MoneyView, Windows } from '../schemas.ts';

export const Diet = z.enum(DIETS);
export const Tags = z.array(z.enum(ITEM_TAGS)).max(ITEM_TAGS.length);
export const Allergens = z.array(z.enum(ALLERGENS)).max(ALLERGENS.length);
const State = z.enum(AVAILABILITY_STATES);

export const CategoryView = z.object({ id: Id, name: z.string(), position: z.int(), hours: Windows.nullable(), version: z.int() });
export const ItemView = z.object({
  id: Id,
  categoryId: Id,
  name: z.string(),
  description: z.string(),
  price: MoneyView,
  taxClass: z.string(),
  diet: Diet.nullable(),
  tags: Tags,
  allergens: Allergens,
  hours: Windows.nullable(),
  groupIds: z.array(Id),
  position: z.int(),
  version: z.int(),
});
const OptionView = z.object({ id: Id, name: z.string(), price: MoneyView, max: z.int() });
export const GroupView = z.object({
  id: Id,
  name: z.string(),
  min: z.int(),
  max: z.int(),
  isRequired: z.boolean(),
  options: z.array(OptionView.extend({ isOutOfStock: z.boolean() })),
  version: z.int(),
});
export const MenuView = z.object({
  restaurantId: Id,
  currency: Currency,
  categories: z.array(
    CategoryView.extend({
      isAvailableNow: z.boolean(),
      items: z.array(
        ItemView.extend({
          isAvailableNow: z.boolean(),
          isOrderableNow: z.boolean(),
          availability: z.object({ state: State, quantity: z.int().nullable() }),
        }),
      ),
    }),
  ),
  modifierGroups: z.array(GroupView.extend({ options: z.array(OptionView.extend({ state: z.enum(['in_stock', 'out_of_stock']) })) })),
});
export const AvailabilityView = z.object({
  state: State,
  setTo: State,
  isOrderableNow: z.boolean(),
  portions: z.int().nullable(),
  limitedBy: z.object({ stockItemId: Id, name: z.string(), unit: z.string(), available: z.number(), needed: z.number() }).nullable(),
  nextOpening: Instant.nullable(),
});
export const ImportView = z.object({ created: z.int(), unchanged: z.int(), categoriesCreated: z.int() });

export const categoryView = ({ id, name, position, hours, version }: Category): z.input<typeof CategoryView> => ({
  id,
  name,
  position,
  hours: hours && [...hours],
  version,
});

const factsView = (item: Omit<MenuItem, 'availability'>, currency: string): z.input<typeof ItemView> => ({
  id: item.id,
  categoryId: item.categoryId,
  name: item.name,
  description: item.description,
  price: { amount: item.price, currency },
  taxClass: item.taxClass,
  diet: item.diet,
  tags: [...item.tags],
  allergens: [...item.allergens],
  hours: item.hours && [...item.hours],
  groupIds: [...item.groupIds],
  position: item.position,
  version: item.version,
});
export const itemView = ({ item, currency }: PricedItem): z.input<typeof ItemView> => factsView(item, currency);

export const groupView = ({ group, currency }: PricedGroup): z.input<typeof GroupView> => ({
  ...group,
  isRequired: group.min > 0,
  options: group.options.map((option) => ({ ...option, price: { amount: option.price, currency } })),
});

const itemNowView = (item: ItemNow, currency: string) => ({
  ...factsView(item, currency),
  isAvailableNow: item.isAvailableNow,
  isOrderableNow: item.isOrderableNow,
  availability: item.availability,
});
const groupNowView = (group: GroupNow, currency: string) => ({
  ...group,
  isRequired: group.min > 0,
  options: group.options.map((option) => ({ ...option, price: { amount: option.price, currency } })),
});

export const menuView = ({ restaurantId, currency, categories, groups }: MenuNow): z.input<typeof MenuView> => ({
  restaurantId,
  currency,
  categories: categories.map((category) => ({
    ...categoryView(category),
    isAvailableNow: category.isAvailableNow,
    items: category.items.map((item) => itemNowView(item, currency)),
  })),
  modifierGroups: groups.map((group) => groupNowView(group, currency)),
});

export const availabilityView = ({ nextOpening, ...standing }: ItemAvailability): z.input<typeof AvailabilityView> => ({
  ...standing,
  nextOpening: nextOpening === null ? null : new Date(nextOpening).toISOString(),
});
