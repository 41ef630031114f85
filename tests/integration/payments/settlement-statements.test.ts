import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Platform } from '#composition/modules/platform.ts';
import { type MoneyStage, openMoney } from '../../support/money.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';

/** Counts do not depend on the machine. Each budget holds BEGIN and COMMIT of every transaction. */
describe.each(SQL_PROFILES)('statements of what becomes of money on %s', (profile) => {
  let money: MoneyStage;
  beforeAll(async () => {
    money = await openMoney(profile);
    await money.openAccount();
    for (let i = 0; i < 4; i++) await money.till.paidOnline();
    await money.settle();
    await money.world.container.get(Platform.eventLog).stop(); // Nobody else may talk to the database while we count.
  });
  afterAll(() => money.world.close());

  const once = async (work: () => Promise<{ readonly status: number }>): Promise<number> => {
    const before = money.world.database.statements.count;
    expect((await work()).status).toBeLessThan(300);
    return money.world.database.statements.count - before;
  };
  /** The least of three: what is kept in memory is checked against the database once a second, whoever comes then. */
  const counted = async (work: () => Promise<{ readonly status: number }>): Promise<number> =>
    Math.min(await once(work), await once(work), await once(work));

  it('a payout takes 24: nine to set it aside, twelve around asking the processor, and three reads', async () => {
    expect(await counted(() => money.payOut({ amount: 100 }))).toBe(24);
  });

  it.each(['/payout-account', '/payouts', '/settlements', '/payment-exceptions', '/disputes'])('%s takes one', async (path) => {
    expect(await counted(() => money.world.get(money.at(path), money.owner))).toBeLessThanOrEqual(1);
  });
});
