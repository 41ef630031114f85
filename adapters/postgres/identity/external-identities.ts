import type { ExternalIdentities, IdentityQueries } from '#application/identity/ports.ts';
import { ExternalIdentity, type ExternalIdentityStatus } from '#domain/identity/external/external-identity.ts';
import { saved } from '../saved.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type ExternalIdentityRecord = {
  readonly id: string;
  readonly account_id: string;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly status: ExternalIdentityStatus;
  readonly linked_at: string;
  readonly used_at: string | null;
  readonly version: number;
};

const COLUMNS = 'id, account_id, provider, issuer, subject, status, linked_at, used_at, version';

const toExternalIdentity = ({ account_id, linked_at, used_at, ...row }: ExternalIdentityRecord): ExternalIdentity =>
  ExternalIdentity.check({ ...row, accountId: account_id, linkedAt: instant(linked_at), usedAt: used_at === null ? null : instant(used_at) });

const BY_SUBJECT = `select ${COLUMNS} from identity.external_identities where issuer = $1 and subject = $2 and status = 'active'`;
const BY_ACCOUNT = `select ${COLUMNS} from identity.external_identities where account_id = $1::uuid and status = 'active'`;
const INSERT = `
  insert into identity.external_identities (${COLUMNS})
  values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz, $9::int)
  on conflict (issuer, subject) where status = 'active' do nothing
  returning 1`;
const UPDATE = `
  update identity.external_identities set status = $3, used_at = $4::timestamptz, version = $5::int
   where id = $1::uuid and version = $2::int
  returning 1`;

export const postgresExternalIdentities = ({ sql, append }: PostgresTx): ExternalIdentities => ({
  async find(issuer, subject) {
    const [row] = await sql<ExternalIdentityRecord>(`${BY_SUBJECT} for update`, [issuer, subject]);
    return row && toExternalIdentity(row);
  },
  async activeOf(accountId) {
    return (await sql<ExternalIdentityRecord>(`${BY_ACCOUNT} order by id for update`, [accountId])).map(toExternalIdentity);
  },
  async save({ state, events }) {
    const { id, accountId, provider, issuer, subject, status, linkedAt, usedAt, version } = ExternalIdentity.check(state);
    const next = version + events.length;
    const used = usedAt === null ? null : timestamp(usedAt);
    if (version === 0) {
      const added = await sql(INSERT, [id, accountId, provider, issuer, subject, status, timestamp(linkedAt), used, next]);
      if (added.length === 0) return 'taken';
    } else {
      saved(await sql(UPDATE, [id, version, status, used, next]), `external identity ${id}`);
    }
    append({ stream: `external-identity:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});

export const postgresExternalIdentityQueries = (sql: () => Sql): Pick<IdentityQueries, 'externalIdentity' | 'externalIdentities'> => ({
  async externalIdentity(issuer, subject) {
    const [row] = await sql()<ExternalIdentityRecord>(BY_SUBJECT, [issuer, subject]);
    return row && toExternalIdentity(row);
  },
  async externalIdentities(accountId) {
    return (await sql()<ExternalIdentityRecord>(`${BY_ACCOUNT} order by id desc`, [accountId])).map(toExternalIdentity);
  },
});
