import { Container } from 'inversify';
import { toRecordedEvent as toMemoryEvent } from '#adapters/memory/event-log.ts';
import { HISTORIES } from '#adapters/memory/fraud/tables.ts';
import { transactInMemory } from '#adapters/memory/unit-of-work.ts';
import { EVENT_COLUMNS, type EventRow, toRecordedEvent } from '#adapters/postgres/events/log.ts';
import { FRAUD_INVARIANTS } from '#adapters/postgres/fraud/invariants.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import { transact } from '#adapters/postgres/unit-of-work.ts';
import type { AttemptRequest } from '#application/fraud/gather-signals.ts';
import type { Fraud as UseCases } from '#application/fraud/module.ts';
import type { AccountFacts, FraudFacts, FraudTx, OrderFacts } from '#application/fraud/ports.ts';
import type { EventLog } from '#application/shared/event-log.ts';
import type { RecordedEvent } from '#application/shared/events.ts';
import type { Job } from '#application/shared/job.ts';
import { Fraud, fraud } from '#composition/modules/fraud.ts';
import { Platform, platform } from '#composition/modules/platform.ts';
import type { Decision } from '#domain/fraud/decision.ts';
import { History } from '#domain/fraud/history.ts';
import { type Actor, system } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { openRows } from './databases.ts';
import { type Profile, SILENT, testConfig } from './profiles.ts';

const MODULES = [platform, fraud];
const ROWS = MODULES.flatMap(({ rows }) => rows);
export const AT = 1_764_000_000_000;
export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const newId = (): string => crypto.randomUUID();

/** Who may do everything with fraud in some restaurants. */
export const reviewer = (
  restaurantId: string,
  accountId = newId(),
  permissions: readonly string[] = ['fraud:read', 'fraud:review', 'fraud:lists'],
): Actor => ({
  kind: 'account',
  accountId,
  sessionId: newId(),
  permissions: [],
  grants: [{ restaurantId, role: 'manager', permissions: permissions as never }],
});

/** Fraud on its own, among people and orders that are told to it, and a clock that stands still. */
export class Watch {
  readonly container: Container;
  readonly fraud: UseCases;
  readonly clock: { at: number };
  readonly statements: { count: number };
  readonly accounts = new Map<string, AccountFacts>();
  readonly orders = new Map<string, OrderFacts>();
  readonly staff = new Map<string, readonly string[]>();
  readonly #sql: (() => Sql) | undefined;
  readonly #close: () => Promise<void>;

  constructor(
    container: Container,
    parts: { clock: { at: number }; statements: { count: number }; sql: (() => Sql) | undefined; close(): Promise<void> },
  ) {
    this.container = container;
    const facts: FraudFacts = {
      account: async (id) => this.accounts.get(id),
      order: async (_restaurantId, id) => this.orders.get(id),
      restaurant: async (id) => ({ timeZone: 'Asia/Kolkata', staff: this.staff.get(id) ?? [] }),
    };
    container.rebind(Fraud.facts).toConstantValue(facts);
    this.fraud = container.get(Fraud.useCases);
    this.clock = parts.clock;
    this.statements = parts.statements;
    this.#sql = parts.sql;
    this.#close = parts.close;
  }

  run = <R extends Result<unknown, unknown>>(work: (tx: FraudTx) => Promise<R>): Promise<R> =>
    this.container.get(Fraud.uow).run(system('test'), work);

  /** An attempt of somebody new with something new, unless told otherwise. */
  request = (changes: Partial<AttemptRequest> = {}): AttemptRequest => ({
    restaurantId: newId(),
    orderId: newId(),
    customerId: newId(),
    paymentId: newId(),
    amount: 450_00,
    currency: 'INR',
    method: 'card',
    at: this.clock.at,
    ...changes,
  });

  assess = (changes: Partial<AttemptRequest> = {}) => this.fraud.assess(this.request(changes));

  /** Assesses, and reads what it was decided by. */
  async decide(changes: Partial<AttemptRequest> = {}): Promise<Decision> {
    const { decisionId } = await this.assess(changes);
    return (await this.container.get(Fraud.queries).decision(decisionId)) as Decision;
  }

  /** An attempt that a person must look at: by someone who works for the restaurant. */
  async review(changes: Partial<AttemptRequest> = {}) {
    const request = this.request(changes);
    this.staff.set(request.restaurantId, [request.customerId]);
    this.accounts.set(request.customerId, { email: null, phone: null, registeredAt: AT - 400 * DAY, isVerified: true });
    const answer = await this.fraud.assess(request);
    if (!answer.review) throw new Error(`expected a review, got ${answer.action}`);
    return { ...answer.review, ...request, decisionId: answer.decisionId };
  }

  /** Tells the log what another module would. */
  async tell(restaurantId: string, events: readonly { readonly type: string }[]): Promise<void> {
    const head = { stream: `test:${newId()}`, version: 0, restaurantId };
    if (this.#sql) await transact(this.container.get(Platform.postgres), system('test'), async (tx) => tx.append(head, events));
    else
      await transactInMemory(this.container.get(Platform.memory), system('test'), async (tx) => {
        tx.append(head, events);
        return ok(undefined);
      });
  }

  async events(stream?: string): Promise<readonly RecordedEvent[]> {
    const events = this.#sql
      ? (await this.#sql()<EventRow>(`select ${EVENT_COLUMNS} from platform.events e order by e.xid, e.position`)).map(toRecordedEvent)
      : this.container.get(Platform.store).events.map(toMemoryEvent);
    return events.filter((event) => stream === undefined || event.stream === stream);
  }

  /** Every history there is, by its name. */
  async histories(): Promise<ReadonlyMap<string, History>> {
    const rows = this.#sql
      ? (
          await this.#sql()<{ kind: History['kind']; key: string; state: object; version: number }>(
            'select kind, key, state, version from fraud.histories',
          )
        ).map(({ state, ...row }) => ({ ...row, ...state }) as History)
      : this.container.get(Platform.store).rows<History>(HISTORIES);
    return new Map(rows.filter(({ version }) => version > 0).map((history) => [`${history.kind}:${history.key}`, History.check(history)]));
  }

  async forgetHistories(): Promise<void> {
    if (this.#sql) await this.#sql()('delete from fraud.histories');
    else this.container.get(Platform.store).table(HISTORIES).clear();
  }

  /** What the doctor says of it. */
  async complaints(): Promise<readonly string[]> {
    const found: string[] = [];
    if (this.#sql)
      for (const { id, sql } of FRAUD_INVARIANTS) for (const row of await this.#sql()<object>(sql)) found.push(`${id}: ${JSON.stringify(row)}`);
    return found;
  }

  sql<Row>(text: string, params: readonly unknown[] = []): Promise<readonly Row[]> {
    if (!this.#sql) throw new Error('there is no SQL in memory');
    return this.#sql()<Row>(text, params);
  }

  get log(): EventLog {
    return this.container.get(Platform.eventLog);
  }

  job = (): Job => this.container.getAll(Platform.jobs).find(({ name }) => name === 'fraud-expire-reviews') as Job;

  async close(): Promise<void> {
    await this.container.unbindAll();
    await this.#close();
  }
}

export async function openWatch(profile: Profile): Promise<Watch> {
  const statements = { count: 0 };
  const { orm, close } = await openRows(profile, ROWS, statements);
  const clock = { at: AT };
  const container = new Container();
  container.bind(Platform.config).toConstantValue(testConfig);
  container.bind(Platform.secret).toConstantValue('a-secret-that-only-the-tests-know-000');
  container.bind(Platform.log).toConstantValue(SILENT);
  if (orm) container.bind(Platform.orm).toConstantValue(orm);
  for (const module of MODULES) container.load(module.core, orm ? module.postgres : module.memory);
  container.rebind(Platform.clock).toConstantValue({ now: () => clock.at });
  return new Watch(container, { clock, statements, close, sql: orm && (() => sqlOf(orm.em.fork())) });
}
