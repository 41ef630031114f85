import type { PlatformEvent } from '#domain/platform/events.ts';
import type { Ids } from '../shared/ports.ts';
import type { Journal } from './note-bypass.ts';

/** Puts it into the log that somebody did something to the machinery; each time is a stream of its own. */
export const record = (journal: Journal, ids: Ids, event: PlatformEvent): void =>
  journal.append({ stream: `operation:${ids.next()}`, version: 0, restaurantId: null }, [event]);
