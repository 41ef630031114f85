import type { Campaigns, SendingSwitch } from '#application/notifications/email/ports.ts';
import type { Campaign, CampaignText } from '#domain/notifications/email/campaign.ts';
import { Sending } from '#domain/notifications/email/sending.ts';
import type { BulkTemplate } from '#domain/notifications/email/templates.ts';
import { saved } from '../../saved.ts';
import { instant, type Sql, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

type CampaignRecord = CampaignText & {
  readonly id: string;
  readonly template: BulkTemplate;
  readonly recipients: number;
  readonly queued_by: string;
  readonly queued_at: string;
  readonly version: number;
};
const COLUMNS = 'id, template, subject, text, button, recipients, queued_by, queued_at, version';
const ADD = `
  insert into notifications.email_campaigns (${COLUMNS}) values ($1::uuid, $2, $3, $4, $5::jsonb, $6::int, $7, $8::timestamptz, $9::int)`;

export async function findCampaign(sql: Sql, campaignId: string): Promise<Campaign | undefined> {
  const [row] = await sql<CampaignRecord>(`select ${COLUMNS} from notifications.email_campaigns where id = $1::uuid`, [campaignId]);
  if (!row) return undefined;
  const { queued_by, queued_at, ...campaign } = row;
  return { ...campaign, queuedBy: queued_by, queuedAt: instant(queued_at) };
}

export const postgresCampaigns = ({ sql, append }: PostgresTx): Campaigns => ({
  find: (campaignId) => findCampaign(sql, campaignId),
  async add({ state, events }) {
    const { id, template, subject, text, button, recipients, queuedBy, queuedAt } = state;
    await sql(ADD, [id, template, subject, text, button && JSON.stringify(button), recipients, queuedBy, timestamp(queuedAt), events.length]);
    append({ stream: `email_campaign:${id}`, version: 0, restaurantId: null }, events);
  },
});

type SendingRecord = { readonly is_paused: boolean; readonly reason: string | null; readonly since: string; readonly version: number };
const SAVE_SENDING = `
  insert into notifications.email_sending as s (id, is_paused, reason, since, version) values ('email', $1, $2, $3::timestamptz, $4::int + $5::int)
  on conflict (id) do update set is_paused = excluded.is_paused, reason = excluded.reason, since = excluded.since, version = excluded.version
   where s.version = $4::int
  returning 1`;

export async function readSending(sql: Sql): Promise<Sending> {
  const [row] = await sql<SendingRecord>('select is_paused, reason, since, version from notifications.email_sending');
  return row ? { isPaused: row.is_paused, reason: row.reason, since: instant(row.since), version: row.version } : Sending.RUNNING;
}

export const postgresSendingSwitch = ({ sql, append }: PostgresTx): SendingSwitch => ({
  read: () => readSending(sql),
  async save({ state: { isPaused, reason, since, version }, events }) {
    append({ stream: 'email_sending', version, restaurantId: null }, events);
    saved(await sql(SAVE_SENDING, [isPaused, reason, timestamp(since ?? 0), version, events.length]), 'the sending of mail');
  },
});
