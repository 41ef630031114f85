import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mailWithin } from '#application/notifications/email/mail-within.ts';
import { createContainer } from '#composition/container.ts';
import { openDatabase } from '#composition/database.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { EMAIL_POLICY } from '#domain/notifications/email/email.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { configured } from '../../support/config.ts';
import { SILENT, SQL_PROFILES, testConfig } from '../../support/profiles.ts';
import { serverDatabase, TEST_DATABASE_URL } from '../../support/server-databases.ts';
import { TestSmtpServer } from '../../support/smtp-server.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { startWorld, type World } from '../../support/world.ts';

const MINUTE = 60_000;
const messageIds = (server: TestSmtpServer) => server.received.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim());
const queue = (container: World['container'], ...to: string[]) =>
  container.get(Notifications.uow).run(system('test'), async ({ emails }) => {
    const drafts = to.map((address) => ({ key: crypto.randomUUID(), to: address, template: 'receipt' as const, facts: { name: 'Asha' } }));
    await mailWithin(emails, container.get(Notifications.queueing)).enqueueAll(drafts);
    return ok(undefined);
  });

describe.each(SQL_PROFILES)('a mail server that does what it likes, and mail on %s', (profile) => {
  let server: TestSmtpServer;
  let port: number;
  let world: World;
  let clock: VirtualClock;
  beforeAll(async () => {
    server = new TestSmtpServer();
    const host = await server.listen();
    port = Number(host.split(':')[1]);
    clock = new VirtualClock(1_764_000_000_000);
    world = await startWorld(profile, clock.override(), configured({ mail: { ...testConfig.mail, smtpUrl: `smtp://${host}` } }));
  });
  afterAll(async () => {
    await world.close();
    await server.close();
  });
  beforeEach(async () => {
    server.refuse = () => undefined;
    server.hangsUp = () => false;
    clock.advance(4 * 24 * 60 * MINUTE); // Whatever a test left behind is worth nothing any more.
    while ((await send()) > 0);
    server.received.length = 0;
  });
  const send = () => world.container.get(Notifications.send)();
  const all = async () => (await world.container.get(Notifications.queries).emails({ from: clock.now() - 60 * MINUTE }, { limit: 100 })).data;

  it('gets what it takes, is not asked again what it refused for good, and is asked later what it could not take now', async () => {
    const answers: Record<string, number> = { 'gone@x.test': 550, 'full@x.test': 552, 'busy@x.test': 450 };
    server.refuse = (address) => (answers[address] === undefined ? undefined : { responseCode: answers[address], message: 'no' });
    await queue(world.container, 'fine@x.test', 'gone@x.test', 'full@x.test', 'busy@x.test');
    await send();
    const of = async () => Object.fromEntries((await all()).map(({ to, status, failure, attempts }) => [to, [status, failure, attempts]]));
    expect(await of()).toEqual({
      'fine@x.test': ['sent', null, 1],
      'gone@x.test': ['failed', 'refused', 1],
      'full@x.test': ['failed', 'refused', 1],
      'busy@x.test': ['pending', null, 1],
    });
    delete answers['busy@x.test'];
    clock.advance(MINUTE);
    await send();
    expect((await of())['busy@x.test']).toEqual(['sent', null, 2]);
    const { data } = await world.container.get(Notifications.queries).suppressions({}, { limit: 10 });
    expect(data.map(({ address }) => address)).toEqual(['gone@x.test']);
  });

  it('finds everything waiting when it comes back, with no attempt used up', async () => {
    await server.close();
    await queue(world.container, ...Array.from({ length: 25 }, (_, i) => `p${i}@x.test`));
    for (let i = 0; i < 4; i++) {
      await send();
      clock.advance(5 * MINUTE);
    }
    expect((await all()).every(({ status, attempts }) => status === 'pending' && attempts === 0)).toBe(true);
    server = new TestSmtpServer();
    await server.listen(port);
    for (let i = 0; i < 4; i++) {
      while ((await send()) > 0);
      clock.advance(5 * MINUTE);
    }
    expect(new Set(server.received.map(({ to }) => to[0])).size).toBe(25);
    expect(server.received).toHaveLength(25);
    expect((await all()).every(({ status, attempts }) => status === 'sent' && attempts === 1)).toBe(true);
  });

  it('gets a mail in whose midst it hung up once more, and the others meanwhile', async () => {
    let times = 0;
    server.hangsUp = () => ++times === 1;
    await queue(world.container, 'a@x.test');
    await send();
    await queue(world.container, 'b@x.test');
    await send();
    expect(server.received.map(({ to }) => to[0])).toEqual(['b@x.test']);
    clock.advance(MINUTE);
    await send();
    expect(server.received.map(({ to }) => to[0])).toEqual(['b@x.test', 'a@x.test']);
  });
});

describe.runIf(TEST_DATABASE_URL !== undefined)('a process that is killed after it handed a mail over', () => {
  it('has it sent once more, under the same Message-ID, when its lease is over', async () => {
    const server = new TestSmtpServer();
    const smtpUrl = `smtp://${await server.listen()}`;
    const { url, drop } = await serverDatabase();
    const secret = 'a-secret-that-only-the-tests-know-000';
    const database = await openDatabase({ kind: 'postgres', url, poolMax: 2 }, SILENT);
    const clock = new VirtualClock(Date.now());
    const container = createContainer(
      { config: { ...testConfig, mail: { ...testConfig.mail, smtpUrl } }, secret, log: SILENT, store: database.store },
      clock.override(),
    );
    try {
      await queue(container, 'asha@x.test');
      const child = spawn(process.execPath, ['tests/support/mail-and-die.ts', url, smtpUrl, secret], { stdio: 'ignore' });
      expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
      expect(server.received).toHaveLength(1);
      const send = container.get(Notifications.send);
      expect(await send()).toBe(0); // The dead process still holds it.
      clock.advance(EMAIL_POLICY.leaseMs + MINUTE);
      expect(await send()).toBe(1);
      expect(new Set(messageIds(server)).size).toBe(1);
      expect(server.received).toHaveLength(2);
    } finally {
      await container.unbindAllAsync();
      await database.close();
      await server.close();
      await drop();
    }
  }, 60_000);
});
