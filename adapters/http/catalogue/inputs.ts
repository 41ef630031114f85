import type { Access } from '../route.ts';
import { Id, RestaurantParams } from '../schemas.ts';

export const CategoryParams = RestaurantParams.extend({ categoryId: Id });
export const ItemParams = RestaurantParams.extend({ itemId: Id });
export const GroupParams = RestaurantParams.extend({ groupId: Id });
export const OptionParams = GroupParams.extend({ optionId: Id });

export const WRITE_MENU: Access = { permission: 'menu:write', in: 'restaurant' };
export const WRITE_AVAILABILITY: Access = { permission: 'menu:availability', in: 'restaurant' };
export const IF_MATCH = 'Only what is given changes. Send the version you read in If-Match, as "3", to be refused if somebody else changed it since.';
