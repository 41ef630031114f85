import { Migration } from '@mikro-orm/migrations';

/** What a mail was queued for. */
export class EmailTrace extends Migration {
  override up(): void {
    this.addSql('alter table notifications.emails add column trace_id text null');
  }
}
