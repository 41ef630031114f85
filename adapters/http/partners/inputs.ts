import { z } from 'zod';
import { STAFF_ROLES } from '#domain/partners/staff.ts';
import { Id } from '../schemas.ts';

/** A role that can be given: one that every restaurant has, or the id of one of its own. */
export const GivenRole = z.union([z.enum(STAFF_ROLES), Id]).meta({
  description: 'A role that every restaurant has, or the id of one that this restaurant made.',
  example: 'kitchen',
});
