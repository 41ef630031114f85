import type { CategoryFacts } from './category.ts';
import type { Availability, MenuItemFacts } from './menu-item.ts';
import type { ModifierGroupFacts } from './modifier-group.ts';

type Facts = { readonly restaurantId: string; readonly at: number };

export type CategoryEvent =
  | (Facts & { readonly type: 'catalogue.category_added'; readonly categoryId: string; readonly category: CategoryFacts })
  | (Facts & { readonly type: 'catalogue.category_changed'; readonly categoryId: string; readonly category: CategoryFacts })
  | (Facts & { readonly type: 'catalogue.category_archived'; readonly categoryId: string });

export type MenuItemEvent =
  | (Facts & { readonly type: 'catalogue.item_added'; readonly itemId: string; readonly item: MenuItemFacts; readonly availability: Availability })
  | (Facts & { readonly type: 'catalogue.item_changed'; readonly itemId: string; readonly item: MenuItemFacts })
  | (Facts & {
      readonly type: 'catalogue.item_availability_set';
      readonly itemId: string;
      readonly availability: Availability;
      /** How many portions there were to sell from then on; null when they are not counted. */
      readonly quantity: number | null;
    })
  | (Facts & { readonly type: 'catalogue.item_archived'; readonly itemId: string });

export type ModifierGroupEvent =
  | (Facts & { readonly type: 'catalogue.modifier_group_added'; readonly groupId: string; readonly group: ModifierGroupFacts })
  | (Facts & { readonly type: 'catalogue.modifier_group_changed'; readonly groupId: string; readonly group: ModifierGroupFacts })
  | (Facts & {
      readonly type: 'catalogue.option_availability_set';
      readonly groupId: string;
      readonly optionId: string;
      readonly isOutOfStock: boolean;
    })
  | (Facts & { readonly type: 'catalogue.modifier_group_archived'; readonly groupId: string });

/** The catalogue's published language. */
export type CatalogueEvent = CategoryEvent | MenuItemEvent | ModifierGroupEvent;
