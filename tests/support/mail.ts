import type { Container } from 'inversify';
import type { Message } from '#application/notifications/email/ports.ts';
import { Notifications } from '#composition/modules/notifications.ts';

/** What follows from the log comes in its own time. */
const FOLLOWS = ['Good to have you here', 'You are on the team'];

/** Sends what is due, and gives what ever went to an address because somebody did something, the newest first. */
export async function mailTo(container: Container, address: string): Promise<readonly Message[]> {
  while ((await container.get(Notifications.send)()) > 0);
  return container
    .get(Notifications.outbox)
    .list()
    .filter(({ to, subject }) => to === address && !FOLLOWS.some((beginning) => subject.startsWith(beginning)));
}

/** The token in the link of a mail. */
export function tokenIn(mail: Message | undefined): string {
  const token = /#token=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error(`no link in ${mail?.subject ?? 'no mail'}`);
  return token;
}
