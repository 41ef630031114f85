import type { Invariant } from '../invariant.ts';

export const IDENTITY_INVARIANTS: readonly Invariant[] = [
  {
    id: 'account-state-is-its-events',
    promise: 'Every account, session, token and second factor is at the version of its stream',
    sql: `
      with states as (
        select 'account:' || id as stream, version from identity.accounts
        union all select 'session:' || id, version from identity.sessions
        union all select 'token:' || id, version from identity.one_time_tokens
        union all select 'passkey:' || id, version from identity.passkeys
        union all select 'external-identity:' || id, version from identity.external_identities
        union all select 'second-factor:' || account_id, version from identity.second_factors)
      select s.stream as culprit, 'row v' || s.version || ', log v' || coalesce(e.version, 0) as detail
        from states s
        left join lateral (select version from platform.events where stream = s.stream order by version desc limit 1) e on true
       where e.version is distinct from s.version`,
  },
  {
    id: 'closed-account-has-nothing',
    promise: 'A closed account keeps no name, no session, no token and no second factor',
    sql: `
      select a.id::text as culprit, 'it still has ' || left_over.what as detail
        from identity.accounts a
        cross join lateral (
          select 'a telephone number or username' as what where a.phone is not null or a.username is not null
          union all select 'the address ' || a.email where a.email <> a.id || '@closed.invalid'
          union all select 'a session' from identity.sessions s where s.account_id = a.id and s.status = 'active'
          union all select 'a passkey' from identity.passkeys p where p.account_id = a.id and p.status = 'active'
          union all select 'an external identity' from identity.external_identities x where x.account_id = a.id and x.status = 'active'
          union all select 'a token' from identity.one_time_tokens t where t.account_id = a.id and t.status = 'issued'
          union all select 'a second factor' from identity.second_factors f where f.account_id = a.id and f.status = 'on') left_over
       where a.status = 'closed'`,
  },
  {
    id: 'one-token-for-a-purpose',
    promise: 'An account has one token at a time for a purpose: the newest',
    sql: `
      select account_id::text as culprit, count(*) || ' for ' || purpose as detail
        from identity.one_time_tokens where status = 'issued' group by account_id, purpose having count(*) > 1`,
  },
  {
    id: 'second-factor-guards-sessions',
    promise: 'Where a second factor is on, every session was proven by one',
    sql: `
      select s.id::text as culprit, 'proven by ' || s.proofs::text as detail
        from identity.sessions s join identity.second_factors f on f.account_id = s.account_id and f.status = 'on'
       where s.status = 'active' and not (s.proofs ? 'totp' or s.proofs ? 'backup_code' or s.proofs ? 'passkey')`,
  },
];
