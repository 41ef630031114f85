import type { RowFault } from './import-row.ts';
import type { MenuItemFault } from './menu-item.ts';
import type { GroupFault } from './modifier-group.ts';

export type CatalogueError =
  | { readonly code: 'catalogue.restaurant_not_found'; readonly restaurantId: string }
  | { readonly code: 'catalogue.category_not_found'; readonly categoryId: string }
  | { readonly code: 'catalogue.item_not_found'; readonly itemId: string }
  | { readonly code: 'catalogue.modifier_group_not_found'; readonly groupIds: readonly string[] }
  | { readonly code: 'catalogue.option_not_found'; readonly optionId: string }
  | { readonly code: 'catalogue.changed_meanwhile'; readonly version: number }
  | { readonly code: 'catalogue.menu_full'; readonly kind: 'categories' | 'items' | 'modifier_groups'; readonly limit: number }
  | { readonly code: 'catalogue.name_malformed'; readonly limit: number }
  | { readonly code: 'catalogue.position_malformed'; readonly limit: number }
  | { readonly code: 'catalogue.hours_malformed'; readonly index: number }
  | { readonly code: 'catalogue.category_name_taken'; readonly name: string; readonly categoryId: string }
  | { readonly code: 'catalogue.category_not_empty'; readonly categoryId: string; readonly items: number }
  | ({ readonly code: 'catalogue.item_malformed' } & MenuItemFault)
  | { readonly code: 'catalogue.tax_class_unknown'; readonly taxClass: string; readonly known: readonly string[] }
  | { readonly code: 'catalogue.quantity_malformed'; readonly limit: number }
  | { readonly code: 'catalogue.modifier_group_malformed'; readonly reason: GroupFault; readonly index: number | null }
  | {
      readonly code: 'catalogue.modifier_group_in_use';
      readonly groupId: string;
      readonly count: number;
      /** The first of them, by name. */
      readonly items: readonly { readonly itemId: string; readonly name: string }[];
    }
  | { readonly code: 'catalogue.import_too_large'; readonly limit: number }
  | { readonly code: 'catalogue.import_refused'; readonly count: number; readonly errors: readonly RowFault[] };

export type CatalogueErrorOf<Code extends CatalogueError['code']> = Extract<CatalogueError, { readonly code: Code }>;
