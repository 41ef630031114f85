import type { Invitations, PartnersQueries } from '#application/partners/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { Invitation } from '#domain/partners/invitation.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';

const INVITATIONS = 'partners.invitations';
const SELECTORS = 'partners.invitation_selectors';
type Found = { readonly invitationId: string };

export const memoryInvitations = (tx: MemoryTx): Invitations => ({
  async find(restaurantId, invitationId) {
    const invitation = tx.get<Invitation>(INVITATIONS, invitationId);
    return invitation?.restaurantId === restaurantId ? Invitation.check(invitation) : undefined;
  },
  async pendingOf(restaurantId, at) {
    const isPending = (one: Invitation): boolean => one.restaurantId === restaurantId && one.status === 'pending' && one.expiresAt > at;
    return tx.rows<Invitation>(INVITATIONS).filter(isPending);
  },
  async save({ state, events }) {
    const { id, restaurantId, selector, version } = Invitation.check(state);
    if (version === 0) tx.insert(SELECTORS, selector, { invitationId: id });
    tx.put(INVITATIONS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `invitation:${id}`, version, restaurantId }, events);
  },
  async forget(expiredBefore) {
    const old = tx.rows<Invitation>(INVITATIONS).filter(({ expiresAt }) => expiresAt < expiredBefore);
    for (const { id, selector } of old) {
      tx.delete(INVITATIONS, id);
      tx.delete(SELECTORS, selector);
    }
    return old.length;
  },
});

export const memoryInvitationQueries = (store: MemoryStore): Pick<PartnersQueries, 'invitation' | 'invitations' | 'invitationBySelector'> => ({
  async invitation(restaurantId, invitationId) {
    const invitation = store.row<Invitation>(INVITATIONS, invitationId);
    return invitation?.restaurantId === restaurantId ? invitation : undefined;
  },
  async invitations(restaurantId, page) {
    const sent = store.rows<Invitation>(INVITATIONS).filter((one) => one.restaurantId === restaurantId);
    return pageOf(
      newestFirst(sent, ({ id }) => id, page),
      page.limit,
      ({ id }) => id,
      (row) => row,
    );
  },
  async invitationBySelector(selector) {
    const found = store.row<Found>(SELECTORS, selector);
    return found && store.row<Invitation>(INVITATIONS, found.invitationId);
  },
});
