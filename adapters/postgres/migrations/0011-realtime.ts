import { Migration } from '@mikro-orm/migrations';

/** An outlet hands over what it read while no transaction is open: until then its cursor is lent to one node. */
export class Realtime extends Migration {
  override up(): void {
    this.addSql('alter table platform.subscribers add column leased_until timestamptz(3)');
  }
}
