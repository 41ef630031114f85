import type { Change } from '../../shared/change.ts';
import type { NoticeEvent } from './events.ts';
import type { Category } from './preferences.ts';

/** What a notice says: who reads it sees a title and a sentence, and where it leads. */
export type Wording = { readonly title: string; readonly body: string /** A path on the app of whoever reads it. */; readonly link: string | null };

export type NoticeFacts = Wording & {
  readonly accountId: string;
  /** Whose business it came from; null: the platform's. */
  readonly restaurantId: string | null;
  readonly category: Category;
  /** Its reader must know at once, whatever they prefer. */
  readonly isCritical: boolean;
  readonly createdAt: number;
  /** From then on nobody is to be told of it any more. */
  readonly expiresAt: number | null;
};

/** One thing one person was told: the truth in the app, whatever became of it elsewhere. */
export type Notice = NoticeFacts & {
  readonly id: string;
  /** What it is about: one person is told once. */
  readonly key: string;
  readonly readAt: number | null;
  readonly version: number;
};

type Changed = Change<Notice, NoticeEvent>;

function create(id: string, key: string, facts: NoticeFacts): Changed {
  const { accountId, restaurantId, category, createdAt } = facts;
  const state: Notice = { ...facts, id, key, readAt: null, version: 0 };
  return { state, events: [{ type: 'notifications.notice_created', noticeId: id, accountId, restaurantId, category, at: createdAt }] };
}

/** Undefined where it was read before. */
function read(notice: Notice, at: number): Changed | undefined {
  if (notice.readAt !== null) return undefined;
  const { id: noticeId, accountId } = notice;
  return { state: { ...notice, readAt: at }, events: [{ type: 'notifications.notice_read', noticeId, accountId, at }] };
}

export const Notice = { create, read };
