import type { CaseQueries } from '#application/payments/settlement/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { LAST } from '../../paging.ts';
import { instant, type Sql, timestamp } from '../../sql.ts';
import { EXCEPTION_COLUMNS, type ExceptionRecord, toException } from '../exceptions.ts';
import { DISPUTE_COLUMNS, type DisputeRecord, toDispute } from './disputes.ts';

const DISPUTES = `
  select ${DISPUTE_COLUMNS} from payments.disputes
   where restaurant_id = $1::uuid and (at, dispute_id) < ($2::timestamptz, $3) order by at desc, dispute_id desc limit $4::int`;

/** One text for each filter, so that each is planned for what it asks. */
const exceptionsWhere = (isOfRestaurant: boolean, isOpen: boolean | undefined): string => `
  select ${EXCEPTION_COLUMNS} from payments.exceptions
   where id < $1::uuid ${isOfRestaurant ? 'and restaurant_id = $3::uuid' : ''}
         ${isOpen === undefined ? '' : isOpen ? 'and resolved_at is null' : 'and resolved_at is not null'}
   order by id desc limit $2::int`;

export const postgresCaseQueries = (sql: () => Sql): CaseQueries => ({
  async exceptions({ restaurantId, isOpen }, { limit, after = LAST }) {
    const text = exceptionsWhere(restaurantId !== undefined, isOpen);
    const rows = await sql()<ExceptionRecord>(text, [after, limit + 1, ...(restaurantId === undefined ? [] : [restaurantId])]);
    return pageOf(rows, limit, ({ id }) => id, toException);
  },
  async disputes(restaurantId, { limit, after }) {
    const [at, id] = after === undefined ? [undefined, ''] : (after.split('~', 2) as [string, string]);
    const before = at === undefined ? 'infinity' : timestamp(Number(at));
    const rows = await sql()<DisputeRecord>(DISPUTES, [restaurantId, before, id, limit + 1]);
    return pageOf(rows, limit, (row) => `${instant(row.at)}~${row.dispute_id}`, toDispute);
  },
});
