import type { EmailFilter, EmailQueries } from '#application/notifications/email/ports.ts';
import { type PageRequest, pageOf } from '#application/shared/page.ts';
import type { Campaign } from '#domain/notifications/email/campaign.ts';
import type { Email } from '#domain/notifications/email/email.ts';
import { Sending } from '#domain/notifications/email/sending.ts';
import type { Suppression } from '#domain/notifications/email/suppression.ts';
import { newestFirst } from '../../paging.ts';
import type { MemoryStore } from '../../store.ts';
import { CAMPAIGNS, EMAILS, SENDING, SUPPRESSIONS, SWITCH } from './tables.ts';

const MINUTE_MS = 60_000;
const page = <T extends { readonly id: string }>(rows: readonly T[], request: PageRequest) =>
  pageOf(
    newestFirst(rows, ({ id }) => id, request),
    request.limit,
    ({ id }) => id,
    (row) => row,
  );
const fits =
  ({ status, template, recipientDigest, campaignId, from, to }: EmailFilter) =>
  (email: Email): boolean =>
    (status === undefined || email.status === status) &&
    (template === undefined || email.template === template) &&
    (recipientDigest === undefined || email.recipientDigest === recipientDigest) &&
    (campaignId === undefined || email.campaignId === campaignId) &&
    (from === undefined || email.queuedAt >= from) &&
    (to === undefined || email.queuedAt < to);

export const memoryEmailQueries = (store: MemoryStore): EmailQueries => ({
  email: async (emailId) => store.row<Email>(EMAILS, emailId),
  emails: async (filter, request) => page(store.rows<Email>(EMAILS).filter(fits(filter)), request),
  campaign: async (campaignId) => store.row<Campaign>(CAMPAIGNS, campaignId),
  suppressions: async ({ reason, recipientDigest }, request) =>
    page(
      store
        .rows<Suppression>(SUPPRESSIONS)
        .filter(
          (entry) =>
            (reason === undefined || entry.reason === reason) && (recipientDigest === undefined || entry.recipientDigest === recipientDigest),
        ),
      request,
    ),
  sending: async () => store.row<Sending>(SENDING, SWITCH) ?? Sending.RUNNING,
  async backlog() {
    const open = store.rows<Email>(EMAILS).filter(({ endedAt }) => endedAt === null);
    return { count: open.length, oldestAt: open.length > 0 ? Math.min(...open.map(({ queuedAt }) => queuedAt)) : null };
  },
  async statistics(at) {
    const emails = store.rows<Email>(EMAILS);
    const groups = new Map<string, { status: Email['status']; template: string; count: number; attempts: number }>();
    for (const { status, template, attempts } of emails) {
      const group = groups.get(`${status} ${template}`) ?? { status, template, count: 0, attempts: 0 };
      groups.set(`${status} ${template}`, { ...group, count: group.count + 1, attempts: group.attempts + attempts });
    }
    const waiting = emails.filter(({ status, dueAt }) => status === 'pending' && dueAt <= at).map(({ queuedAt }) => queuedAt);
    const sentSince = (since: number): number => emails.filter(({ status, endedAt }) => status === 'sent' && (endedAt ?? 0) > since).length;
    return {
      counts: [...groups.values()].sort((a, b) => (`${a.status} ${a.template}` < `${b.status} ${b.template}` ? -1 : 1)),
      oldestWaitingAt: waiting.length > 0 ? Math.min(...waiting) : null,
      sentLastMinute: sentSince(at - MINUTE_MS),
      sentLastHour: sentSince(at - 60 * MINUTE_MS),
    };
  },
});
