import { z } from 'zod';
import type { Access } from '../route.ts';
import { etagOf, Id } from '../schemas.ts';

export const RestaurantParams = z.object({ restaurantId: Id });
export const CategoryParams = RestaurantParams.extend({ categoryId: Id });
export const ItemParams = RestaurantParams.extend({ itemId: Id });
export const GroupParams = RestaurantParams.extend({ groupId: Id });
export const OptionParams = GroupParams.extend({ optionId: Id });

export const WRITE_MENU: Access = { permission: 'menu:write', in: 'restaurant' };
export const WRITE_AVAILABILITY: Access = { permission: 'menu:availability', in: 'restaurant' };
export const IF_MATCH = 'Only what is given changes. Send the version you read in If-Match, as "3", to be refused if somebody else changed it since.';

export const etag = ({ version }: { readonly version: number }) => ({ etag: etagOf(version) });

/** Leaves out what was not given, so that a change says nothing of it. */
export const given = <T extends object>(changes: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
