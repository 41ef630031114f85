import { z } from 'zod';
import { QUANTITY_MAX, Quantity } from '#domain/shared/quantity.ts';

/** A quantity in the item's unit. How fine it may be is the domain's to say. */
export const Units = z
  .number()
  .min(0)
  .max(Quantity.toUnits(QUANTITY_MAX))
  .meta({ description: "In the item's unit, to the thousandth", example: 2.5 });
