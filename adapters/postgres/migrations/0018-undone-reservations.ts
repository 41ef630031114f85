import { Migration } from '@mikro-orm/migrations';

/** What was held for orders that came to nothing is found without a walk through all that came to something. */
export class UndoneReservations extends Migration {
  override up(): void {
    this.addSql(
      `create index reservations_undone on inventory.reservations (restaurant_id, status, order_id) where status in ('released', 'expired', 'wasted')`,
    );
  }
}
