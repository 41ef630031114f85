import { z } from 'zod';
import type { Page } from '#application/shared/page.ts';
import type { StaffMember } from '#domain/partners/staff.ts';
import { Id, InstantView } from '../schemas.ts';

export const StaffView = z.object({
  accountId: Id,
  displayName: z.string(),
  email: z.string(),
  role: z.string().meta({ description: 'A role that every restaurant has, or the id of one that this restaurant made.' }),
  since: InstantView,
});
export const STAFF_EXAMPLE = {
  accountId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  displayName: 'Meera',
  email: 'meera@annapurna.test',
  role: 'kitchen',
  since: '2026-11-21T10:30:00.000Z',
};

export const staffPage = ({ data, next }: Page<StaffMember>) => ({
  data: data.flatMap(({ role, ...member }) => (role === null ? [] : [{ ...member, role }])),
  next,
});
