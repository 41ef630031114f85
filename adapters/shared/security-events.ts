import type { SecurityEvents } from '#application/identity/ports.ts';
import type { Ids } from '#application/shared/ports.ts';

type Append = (
  stream: { readonly stream: string; readonly version: number; readonly restaurantId: null },
  events: readonly { readonly type: string }[],
) => void;

/** Each is a stream of its own: there is nothing that it is the next event of. */
export const securityEvents = (append: Append, ids: Ids): SecurityEvents => ({
  record: (event) => append({ stream: `security:${ids.next()}`, version: 0, restaurantId: null }, [event]),
});
