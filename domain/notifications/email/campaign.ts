import type { Change } from '../../shared/change.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EmailCampaignQueued } from '../events.ts';
import type { EmailErrorOf } from './errors.ts';
import { plainName } from './plain-text.ts';
import type { BulkTemplate } from './templates.ts';

export const RECIPIENTS_MAX = 10_000;

export type CampaignText = {
  readonly subject: string;
  readonly text: string;
  readonly button: { readonly label: string; readonly link: string } | null;
};
/** One text for many, written once however many it goes to. */
export type Campaign = CampaignText & {
  readonly id: string;
  readonly template: BulkTemplate;
  readonly recipients: number;
  readonly queuedBy: string;
  readonly queuedAt: number;
  readonly version: number;
};
export type Recipient = { readonly email: string; readonly name: string; readonly fields: Readonly<Record<string, string>> };

const PLACEHOLDER = /\{\{\s*([A-Za-z][A-Za-z0-9]{0,29})\s*\}\}/g;

/** Refuses a text that asks for a field somebody has not got, so that nobody is greeted with a gap. */
function queue(
  draft: Omit<Campaign, 'recipients' | 'queuedAt' | 'version'>,
  recipients: readonly Recipient[],
  at: number,
): Result<Change<Campaign, EmailCampaignQueued>, EmailErrorOf<'notifications.field_unknown'>> {
  const { id: campaignId, template, subject, text } = draft;
  const asked = new Set([...`${subject}\n${text}`.matchAll(PLACEHOLDER)].map(([, field]) => field as string));
  const missing = [...asked].find((field) => field !== 'name' && !recipients.every(({ fields }) => Object.hasOwn(fields, field)));
  if (missing !== undefined) return err({ code: 'notifications.field_unknown', field: missing });
  const state: Campaign = { ...draft, recipients: recipients.length, queuedAt: at, version: 0 };
  return ok({ state, events: [{ type: 'notifications.email_campaign_queued', campaignId, template, recipients: recipients.length, at }] });
}

type Filling = { readonly name: string; readonly fields: Readonly<Record<string, string>> };

/** A text with a reader's own words in it; what is filled in is never read as a text again. */
const fill = (text: string, { name, fields }: Filling): string =>
  text.replaceAll(PLACEHOLDER, (_, field: string) =>
    field === 'name' ? plainName(name) : Object.hasOwn(fields, field) ? (fields[field] as string) : '',
  );

export const Campaign = { queue, fill };
