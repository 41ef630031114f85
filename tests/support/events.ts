import type { Container } from 'inversify';
import { Platform } from '#composition/modules/platform.ts';
import type { Json } from './world.ts';

/** Everything in the log, oldest first, whatever it is kept in. */
export async function eventsOf(container: Container): Promise<(Json & { readonly type: string })[]> {
  if (!container.isBound(Platform.sql)) return container.get(Platform.store).events.map(({ json }) => JSON.parse(json));
  const rows = await container.get(Platform.sql)()<{ type: string; data: object }>('select type, data from platform.events order by position');
  return rows.map(({ type, data }) => ({ ...data, type }));
}
