import type { PageRequest } from '#application/shared/page.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { changePreferences } from './change-preferences.ts';
import { personOf } from './person.ts';
import type { InboxDeps } from './ports.ts';
import { subscribeToPush, unsubscribeFromPush } from './push-subscriptions.ts';
import { readNotice, readNotices } from './read-notices.ts';

/** Everything the outside may ask of what people are told. */
export const createInbox = (deps: InboxDeps) => {
  const { queries, push } = deps;
  return {
    notices: (filter: { readonly unread?: true }, page: PageRequest, actor: Actor) => queries.notices(personOf(actor), filter, page),
    unread: (actor: Actor) => queries.unread(personOf(actor)),
    readNotice: readNotice(deps),
    readNotices: readNotices(deps),
    preferences: (actor: Actor) => queries.preferences(personOf(actor)),
    changePreferences: changePreferences(deps),
    pushKey: push.publicKey,
    pushSubscriptions: (actor: Actor) => queries.pushSubscriptions(personOf(actor)),
    subscribeToPush: subscribeToPush(deps),
    unsubscribeFromPush: unsubscribeFromPush(deps),
  };
};
export type Inbox = ReturnType<typeof createInbox>;
