import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartnersTx } from '#application/partners/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { Account } from '#domain/identity/account.ts';
import { Invitation } from '#domain/partners/invitation.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import { CustomRole } from '#domain/partners/role.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';
import { PROFILES } from '../../support/profiles.ts';
import { restaurantSettings } from '../../support/restaurants.ts';
import { startWorld, type World } from '../../support/world.ts';

const AT = 1_764_000_000_000;
const HOUR = 3_600_000;
const actor = system('test');
const bounds = { grantable: ['orders:read', 'ledger:read'] as const, ofOwner: [] };

describe.each(PROFILES)('roles and invitations kept on %s', (profile) => {
  let world: World;
  let uow: UnitOfWork<PartnersTx>;
  let here: string;
  let there: string;
  const id = () => world.container.get(Platform.ids).next();
  const queries = () => world.container.get(Partners.queries);
  beforeAll(async () => {
    world = await startWorld(profile);
    uow = world.container.get(Partners.uow);
    [here, there] = [await restaurant(), await restaurant()];
  });
  afterAll(() => world.close());

  async function restaurant(): Promise<string> {
    const opened = must(Restaurant.open(id(), restaurantSettings(), AT));
    await uow.run(actor, async (tx) => ok(await tx.restaurants.save(opened)));
    return opened.state.id;
  }
  const role = (name: string, restaurantId = here) =>
    must(CustomRole.make({ id: id(), restaurantId, name, description: 'x', permissions: ['orders:read'] }, { others: [], bounds, actor }, AT));
  const kept = async (name: string): Promise<CustomRole> => {
    const change = role(name);
    await uow.run(actor, async (tx) => ok(await tx.roles.save(change)));
    return { ...change.state, version: 1 };
  };
  const letter = (changes: Partial<Invitation> = {}, hours = 24) => {
    const given = { id: id(), restaurantId: here, email: 'a@b.test', role: 'waiter', selector: id(), verifierHash: 'h', invitedBy: id(), ...changes };
    return must(Invitation.send({ ...given, hours }, 0, AT));
  };

  it('a role is found by its restaurant alone, changed under its version, and gone once it is removed', async () => {
    const first = await kept('Bookkeeper');
    expect(await queries().role(here, first.id)).toEqual(first);
    expect([await queries().role(there, first.id), await queries().roles(there)]).toEqual([undefined, []]);
    const change = must(CustomRole.change(first, { permissions: ['ledger:read'] }, 1, { others: [first], bounds, actor }, AT));
    await uow.run(actor, async (tx) => ok(await tx.roles.save(change)));
    const changed = { ...change.state, version: 2 };
    expect(await queries().role(here, first.id)).toEqual(changed);
    await expect(uow.run(actor, async (tx) => ok(await tx.roles.save(change)))).rejects.toThrow();
    expect((await uow.run(actor, async (tx) => ok(await tx.roles.find(there, first.id)))).value).toBeUndefined();

    const removed = must(CustomRole.remove(changed, [], actor, AT));
    const undone = await uow.run(actor, async (tx) => {
      await tx.roles.remove(removed);
      return err('no' as const);
    });
    expect(undone).toEqual(err('no'));
    expect(await queries().role(here, first.id)).toEqual(changed);
    await uow.run(actor, async (tx) => ok(await tx.roles.remove(removed)));
    expect(await queries().role(here, first.id)).toBeUndefined();
  });

  it('roles of a restaurant come with what was written in the same transaction', async () => {
    const change = role('Fresh');
    const seen = await uow.run(actor, async (tx) => {
      await tx.roles.save(change);
      return ok([await tx.roles.of(here), await tx.roles.find(here, change.state.id)] as const);
    });
    expect(seen.value[0].map(({ name }) => name)).toContain('Fresh');
    expect(seen.value[1]).toEqual({ ...change.state, version: 1 });
  });

  it('what somebody holds comes with what a role of their restaurant allows, and with nobody else’s', async () => {
    const mine = await kept('Holder');
    const accountId = id();
    const person = { accountId, displayName: 'Asha', email: 'asha@b.test' };
    const hire = (restaurantId: string, given: string) =>
      uow.run(actor, async (tx) => {
        const owners = await tx.staff.lockOwners(restaurantId);
        return ok(await tx.staff.save(must(StaffMember.add(undefined, { restaurantId, person, role: given }, owners, actor, AT))));
      });
    await hire(here, mine.id);
    await hire(there, mine.id); // A row that no use case writes: the role is another restaurant's.
    const held = await queries().rolesOf(accountId);
    expect(held.find(({ restaurantId }) => restaurantId === here)).toEqual({
      restaurantId: here,
      role: mine.id,
      made: { name: 'Holder', permissions: ['orders:read'] },
    });
    expect(held.find(({ restaurantId }) => restaurantId === there)).toEqual({ restaurantId: there, role: mine.id });
    expect(await queries().holders(here, mine.id, { limit: 5 })).toMatchObject({ data: [{ accountId, role: mine.id }], next: null });
    expect((await uow.run(actor, async (tx) => ok(await tx.staff.holders(here, mine.id)))).value).toEqual([accountId]);
    expect((await uow.run(actor, async (tx) => ok(await tx.staff.holders(here, 'owner')))).value).toEqual([]);
  });

  it('an invitation is found by its selector, counted while it can be accepted, and forgotten in time', async () => {
    const [short, long] = [letter(), letter({ email: 'c@d.test' }, 48)];
    for (const one of [short, long, letter({ restaurantId: there })]) await uow.run(actor, async (tx) => ok(await tx.invitations.save(one)));
    expect(await queries().invitationBySelector(short.state.selector)).toEqual({ ...short.state, version: 1 });
    expect(await queries().invitationBySelector('nothing')).toBeUndefined();
    expect(await queries().invitation(there, short.state.id)).toBeUndefined();
    const pending = async (at: number) =>
      (await uow.run(actor, async (tx) => ok(await tx.invitations.pendingOf(here, at)))).value.map((one) => one.id).sort();
    expect(await pending(AT)).toEqual([short.state.id, long.state.id].sort());
    expect(await pending(AT + 24 * HOUR)).toEqual([long.state.id]);
    const revoked = must(Invitation.revoke({ ...long.state, version: 1 }, AT));
    await uow.run(actor, async (tx) => ok(await tx.invitations.save(revoked)));
    await expect(uow.run(actor, async (tx) => ok(await tx.invitations.save(revoked)))).rejects.toThrow();
    expect(await pending(AT)).toEqual([short.state.id]);
    expect((await queries().invitations(here, { limit: 1 })).data.map((one) => one.id)).toEqual([long.state.id]);

    const forget = async (at: number) => (await uow.run(actor, async (tx) => ok(await tx.invitations.forget(at)))).value;
    expect(await forget(AT + 24 * HOUR)).toBe(0);
    expect(await forget(AT + 24 * HOUR + 1)).toBe(2);
    expect((await queries().invitations(here, { limit: 5 })).data.map((one) => one.id)).toEqual([long.state.id]);
  });

  it('a role that somebody is just being given is not removed', async () => {
    const wanted = await kept('Wanted');
    const person = { accountId: id(), displayName: 'Asha', email: 'asha@b.test' };
    const { roles } = world.container.get(Partners.useCases);
    const given = await uow.run(actor, async (tx) => {
      const owners = await tx.staff.lockOwners(here);
      await tx.staff.save(must(StaffMember.add(undefined, { restaurantId: here, person, role: wanted.id }, owners, actor, AT)));
      const removing = roles.remove({ restaurantId: here, roleId: wanted.id }, actor);
      await Promise.race([removing, pause(100)]); // It waits for us; if it did not, this would be its chance.
      return ok({ removing });
    });
    expect(await given.value.removing).toEqual(err({ code: 'partners.role_held', accountIds: [person.accountId] }));
    expect(await queries().role(here, wanted.id)).toEqual(wanted);
  });

  it('two transactions that lock a restaurant take turns', async () => {
    expect((await uow.run(actor, async (tx) => ok(await tx.restaurants.lock(id())))).value).toBe(false);
    const inside = { now: 0, most: 0 };
    const enter = () =>
      uow.run(actor, async (tx) => {
        await tx.restaurants.lock(here);
        inside.most = Math.max(inside.most, ++inside.now);
        await tx.roles.of(here);
        inside.now--;
        return ok(undefined);
      });
    await Promise.all([enter(), enter(), enter()]);
    expect(inside).toEqual({ now: 0, most: 1 });
  });

  it('the admins are those who are active and hold the role', async () => {
    const identity = world.container.get(Identity.uow);
    const [boss, helper, gone] = await Promise.all([
      world.account('boss@contract.test', 'admin'),
      world.account('helper@contract.test', 'support'),
      world.account('gone@contract.test', 'admin'),
    ]);
    const admins = async () => (await identity.run(actor, async (tx) => ok(await tx.accounts.lockAdmins()))).value;
    expect([...(await admins())].sort()).toEqual([boss.accountId, gone.accountId].sort());
    await identity.run(actor, async (tx) => {
      const account = await tx.accounts.lock(gone.accountId);
      return ok(await tx.accounts.save(must(Account.close(account as Account, AT))));
    });
    expect(await admins()).toEqual([boss.accountId]);
    expect(await admins()).not.toContain(helper.accountId);
  });
});
