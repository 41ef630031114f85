import type { Page, PageRequest } from '#application/shared/page.ts';
import { Invitation, type SeenStatus } from '#domain/partners/invitation.ts';
import type { PartnersDeps } from '../ports.ts';

export type SeenInvitation = Omit<Invitation, 'status'> & { readonly status: SeenStatus };

/** What a restaurant sent, the newest first, and what has become of it by now. */
export const listInvitations =
  ({ queries, clock }: Pick<PartnersDeps, 'queries' | 'clock'>) =>
  async (restaurantId: string, page: PageRequest): Promise<Page<SeenInvitation>> => {
    const { data, next } = await queries.invitations(restaurantId, page);
    const at = clock.now();
    return { data: data.map((invitation) => ({ ...invitation, status: Invitation.statusAt(invitation, at) })), next };
  };
