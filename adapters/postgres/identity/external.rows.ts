import { defineEntity, p } from '@mikro-orm/core';
import { EXTERNAL_IDENTITY_STATUSES } from '#domain/identity/external/external-identity.ts';

export const ExternalIdentityRow = defineEntity({
  name: 'ExternalIdentityRow',
  schema: 'identity',
  tableName: 'external_identities',
  indexes: [
    {
      name: 'external_identities_subject',
      expression: `create unique index external_identities_subject on identity.external_identities (issuer, subject) where status = 'active'`,
    },
    {
      name: 'external_identities_active',
      expression: `create index external_identities_active on identity.external_identities (account_id, id) where status = 'active'`,
    },
  ],
  checks: [
    {
      name: 'external_identities_status',
      expression: `status in (${EXTERNAL_IDENTITY_STATUSES.map((status) => `'${status}'`).join(', ')})`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    provider: p.text(),
    issuer: p.text(),
    subject: p.text(),
    status: p.text(),
    linkedAt: p.datetime(3),
    usedAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});

/** What waits to be read once: no events, because nothing follows from it but an answer. */
export const NoteRow = defineEntity({
  name: 'NoteRow',
  schema: 'identity',
  tableName: 'notes',
  indexes: [{ name: 'notes_expiry', properties: ['expiresAt'] }],
  properties: { key: p.text().primary(), sealed: p.text(), expiresAt: p.datetime(3) },
});
