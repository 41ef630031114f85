import type { Invitations, PartnersQueries } from '#application/partners/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { INVITATIONS_MAX, Invitation, type InvitationStatus } from '#domain/partners/invitation.ts';
import { LAST } from '../paging.ts';
import { saved } from '../saved.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type InvitationRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly email: string;
  readonly role: string;
  readonly selector: string;
  readonly verifier_hash: string;
  readonly invited_by: string;
  readonly status: InvitationStatus;
  readonly sent_at: string;
  readonly expires_at: string;
  readonly version: number;
};

const COLUMNS = 'id, restaurant_id, email, role, selector, verifier_hash, invited_by, status, sent_at, expires_at, version';

const toInvitation = (row: InvitationRecord): Invitation =>
  Invitation.check({
    id: row.id,
    restaurantId: row.restaurant_id,
    email: row.email,
    role: row.role,
    selector: row.selector,
    verifierHash: row.verifier_hash,
    invitedBy: row.invited_by,
    status: row.status,
    sentAt: instant(row.sent_at),
    expiresAt: instant(row.expires_at),
    version: row.version,
  });

const INSERT = `
  insert into partners.invitations (${COLUMNS})
  values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::uuid, $8, $9::timestamptz, $10::timestamptz, $11::int)
  returning 1`;
// Only what has become of it ever changes.
const UPDATE = `
  update partners.invitations set status = $4, version = $5::int
   where restaurant_id = $1::uuid and id = $2::uuid and version = $3::int
  returning 1`;
const PENDING = `
  select ${COLUMNS} from partners.invitations
   where restaurant_id = $1::uuid and status = 'pending' and expires_at > $2::timestamptz
   order by expires_at desc limit ${INVITATIONS_MAX + 1}`;
const LIST = `
  select ${COLUMNS} from partners.invitations
   where restaurant_id = $1::uuid and id < $2::uuid
   order by id desc limit $3::int`;
const FORGET = `
  delete from partners.invitations where (restaurant_id, id) in (select restaurant_id, id from partners.invitations where expires_at < $1::timestamptz limit 1000)
  returning 1`;

async function findInvitation(sql: Sql, restaurantId: string, invitationId: string): Promise<Invitation | undefined> {
  const [row] = await sql<InvitationRecord>(`select ${COLUMNS} from partners.invitations where restaurant_id = $1::uuid and id = $2::uuid`, [
    restaurantId,
    invitationId,
  ]);
  return row && toInvitation(row);
}

export const postgresInvitations = ({ sql, append }: PostgresTx): Invitations => ({
  find: (restaurantId, invitationId) => findInvitation(sql, restaurantId, invitationId),
  async pendingOf(restaurantId, at) {
    return (await sql<InvitationRecord>(PENDING, [restaurantId, timestamp(at)])).map(toInvitation);
  },
  async save({ state, events }) {
    const { id, restaurantId, email, role, selector, verifierHash, invitedBy, status, sentAt, expiresAt, version } = Invitation.check(state);
    const next = version + events.length;
    const written =
      version === 0
        ? await sql(INSERT, [id, restaurantId, email, role, selector, verifierHash, invitedBy, status, timestamp(sentAt), timestamp(expiresAt), next])
        : await sql(UPDATE, [restaurantId, id, version, status, next]);
    saved(written, `invitation ${id}`);
    append({ stream: `invitation:${id}`, version, restaurantId }, events);
  },
  async forget(expiredBefore) {
    return (await sql(FORGET, [timestamp(expiredBefore)])).length;
  },
});

export const postgresInvitationQueries = (sql: () => Sql): Pick<PartnersQueries, 'invitation' | 'invitations' | 'invitationBySelector'> => ({
  invitation: (restaurantId, invitationId) => findInvitation(sql(), restaurantId, invitationId),
  async invitations(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<InvitationRecord>(LIST, [restaurantId, after, limit + 1]);
    return pageOf(rows, limit, ({ id }) => id, toInvitation);
  },
  async invitationBySelector(selector) {
    const [row] = await sql()<InvitationRecord>(`select ${COLUMNS} from partners.invitations where selector = $1`, [selector]);
    return row && toInvitation(row);
  },
});
