import type { Emails } from '#application/notifications/ports.ts';
import { Email, type EmailStatus } from '#domain/notifications/email.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type EmailRecord = {
  readonly id: string;
  readonly key: string;
  readonly to_address: string;
  readonly template: string;
  readonly sealed_facts: string;
  readonly status: EmailStatus;
  readonly attempts: number;
  readonly due_at: string;
  readonly queued_at: string;
  readonly version: number;
};

const COLUMNS = 'id, key, to_address, template, sealed_facts, status, attempts, due_at, queued_at, version';
const ADD = `
  insert into notifications.emails (${COLUMNS})
  values ($1::uuid, $2, $3, $4, $5, $6, $7::int, $8::timestamptz, $9::timestamptz, $10::int)
  on conflict (key) do nothing
  returning 1`;
const DUE = `
  select ${COLUMNS} from notifications.emails
   where status in ('pending', 'processing') and due_at <= $1::timestamptz
   order by due_at, id limit $2::int
   for update skip locked`;
const SAVE = `
  update notifications.emails set sealed_facts = $2, status = $3, attempts = $4::int, due_at = $5::timestamptz, version = $6::int
   where id = $1::uuid`;

const FORGET = `delete from notifications.emails where status in ('sent', 'failed') and queued_at < $1::timestamptz returning 1`;

const toEmail = ({ to_address, sealed_facts, due_at, queued_at, ...row }: EmailRecord): Email =>
  Email.check({ ...row, to: to_address, sealedFacts: sealed_facts, dueAt: instant(due_at), queuedAt: instant(queued_at) });

export const postgresEmails = ({ sql, append }: PostgresTx): Emails => ({
  async add({ state, events }) {
    const { id, key, to, template, sealedFacts, status, attempts, dueAt, queuedAt, version } = Email.check(state);
    const next = version + events.length;
    const added = await sql(ADD, [id, key, to, template, sealedFacts, status, attempts, timestamp(dueAt), timestamp(queuedAt), next]);
    if (added.length > 0) append({ stream: `email:${id}`, version, restaurantId: null }, events);
  },
  async due(at, limit) {
    return (await sql<EmailRecord>(DUE, [timestamp(at), limit])).map(toEmail);
  },
  async save({ state, events }) {
    const { id, sealedFacts, status, attempts, dueAt, version } = Email.check(state);
    await sql(SAVE, [id, sealedFacts, status, attempts, timestamp(dueAt), version + events.length]);
    append({ stream: `email:${id}`, version, restaurantId: null }, events);
  },
  async forget(queuedBefore) {
    return (await sql(FORGET, [timestamp(queuedBefore)])).length;
  },
});
