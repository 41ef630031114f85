import type { SecondFactors } from '#application/identity/ports.ts';
import { type BackupCode, SecondFactor, type SecondFactorStatus } from '#domain/identity/second-factor.ts';
import { saved } from '../saved.ts';
import type { PostgresTx } from '../tx.ts';

export type SecondFactorRecord = {
  readonly account_id: string;
  readonly status: SecondFactorStatus;
  readonly sealed_secret: string;
  readonly last_step: string;
  readonly backup_codes: readonly BackupCode[];
  readonly version: number;
};

export const SECOND_FACTOR_COLUMNS = 'account_id, status, sealed_secret, last_step, backup_codes, version';

export const toSecondFactor = (row: SecondFactorRecord): SecondFactor =>
  SecondFactor.check({
    accountId: row.account_id,
    status: row.status,
    sealedSecret: row.sealed_secret,
    lastStep: Number(row.last_step),
    backupCodes: row.backup_codes,
    version: row.version,
  });

const INSERT = `
  insert into identity.second_factors (${SECOND_FACTOR_COLUMNS})
  values ($1::uuid, $2, $3, $4::bigint, $5::jsonb, $6::int)
  on conflict (account_id) do nothing
  returning 1`;
const UPDATE = `
  update identity.second_factors set status = $3, sealed_secret = $4, last_step = $5::bigint, backup_codes = $6::jsonb, version = $7::int
   where account_id = $1::uuid and version = $2::int
  returning 1`;

export const postgresSecondFactors = ({ sql, append }: PostgresTx): SecondFactors => ({
  async lock(accountId) {
    const [row] = await sql<SecondFactorRecord>(
      `select ${SECOND_FACTOR_COLUMNS} from identity.second_factors where account_id = $1::uuid for update`,
      [accountId],
    );
    return row && toSecondFactor(row);
  },
  async save({ state, events }) {
    const { accountId, status, sealedSecret, lastStep, backupCodes, version } = SecondFactor.check(state);
    const next = version + events.length;
    const fields = [status, sealedSecret, lastStep, JSON.stringify(backupCodes)];
    const written = version === 0 ? await sql(INSERT, [accountId, ...fields, next]) : await sql(UPDATE, [accountId, version, ...fields, next]);
    saved(written, `second factor ${accountId}`);
    append({ stream: `second-factor:${accountId}`, version, restaurantId: null }, events);
  },
});
