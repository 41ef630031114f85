import { Campaign } from '#domain/notifications/email/campaign.ts';
import type { Email } from '#domain/notifications/email/email.ts';
import { templateOf } from '#domain/notifications/email/templates.ts';
import type { EmailDeps, Facts, Written } from './ports.ts';

type Deps = Pick<EmailDeps, 'vault' | 'tickets' | 'templates' | 'settings'>;
export type WrittenEmail = Written & { readonly unsubscribeUrl?: string };

/** Opens a mail's facts and writes it; undefined where they do not open, or nobody knows its template or its campaign. */
export function writeEmail(deps: Deps, email: Email, campaign: Campaign | undefined): WrittenEmail | undefined {
  const template = templateOf(email.template);
  const facts = template && openFacts(deps, email);
  if (!template || !facts || (email.campaignId !== null && !campaign)) return undefined;
  const unsubscribe = template.kind === 'marketing' && { unsubscribeUrl: unsubscribeUrl(deps, email.to) };
  const written = deps.templates.write(email.template, { ...(campaign ? campaignFacts(campaign, facts) : facts), ...unsubscribe });
  return written && { ...written, ...unsubscribe };
}

export const TICKET_OWNER = 'unsubscribe';

const unsubscribeUrl = ({ tickets, settings }: Pick<Deps, 'tickets' | 'settings'>, address: string): string =>
  `${settings.publicUrl.replace(/\/$/, '')}/unsubscribe/${tickets.seal(address, TICKET_OWNER)}`;

function openFacts({ vault }: Pick<Deps, 'vault'>, { id, sealedFacts }: Email): Facts | undefined {
  try {
    return JSON.parse(vault.open(sealedFacts, id)) as Facts;
  } catch {
    return undefined;
  }
}

function campaignFacts({ subject, text, button }: Campaign, facts: Facts): Facts {
  const filling = { name: String(facts['name'] ?? ''), fields: (facts['fields'] ?? {}) as Readonly<Record<string, string>> };
  const paragraphs = text.split(/\n\s*\n/).map((paragraph) => Campaign.fill(paragraph, filling));
  return { name: filling.name, heading: Campaign.fill(subject, filling), paragraphs, ...(button && { link: button.link, label: button.label }) };
}
