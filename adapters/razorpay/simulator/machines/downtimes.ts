import type { Downtime, Method } from '../world/entities.ts';
import type { World } from '../world/world.ts';

/** A method stops working, for so long or until it is said to work again. */
export function startDowntime(world: World, method: Method, seconds?: number): Downtime {
  const made: Downtime = {
    id: world.id('down'),
    entity: 'payment.downtime',
    method,
    begin: world.now(),
    end: null,
    status: 'started',
    scheduled: false,
    severity: 'high',
    instrument: method === 'upi' ? { vpa_handle: 'ALL' } : {},
    created_at: world.now(),
    updated_at: world.now(),
  };
  world.tables.downtimes.set(made.id, made);
  world.webhooks.emit('payment.downtime.started', { 'payment.downtime': made });
  if (seconds !== undefined) world.after(seconds, () => endDowntime(world, made));
  return made;
}

export function endDowntime(world: World, made: Downtime): void {
  if (made.status !== 'started') return;
  Object.assign(made, { status: 'resolved', end: world.now(), updated_at: world.now() });
  world.webhooks.emit('payment.downtime.resolved', { 'payment.downtime': made });
}
