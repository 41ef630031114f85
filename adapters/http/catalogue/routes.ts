import type { Catalogue } from '#application/catalogue/module.ts';
import type { AnyRoute } from '../route.ts';
import { categoryRoutes } from './category-routes.ts';
import { importRoutes } from './import-routes.ts';
import { itemRoutes } from './item-routes.ts';
import { menuRoutes } from './menu-routes.ts';
import { modifierGroupRoutes } from './modifier-group-routes.ts';

export const catalogueRoutes = (catalogue: Catalogue): readonly AnyRoute[] => [
  ...menuRoutes(catalogue),
  ...categoryRoutes(catalogue),
  ...itemRoutes(catalogue),
  ...modifierGroupRoutes(catalogue),
  ...importRoutes(catalogue),
];
