import { BrokerAway } from '#application/realtime/ports.ts';
import type { Log } from '#application/shared/ports.ts';
import { CLOSE, REFUSAL } from '../codes.ts';
import { type Command, readFrame } from '../commands.ts';
import type { Connection } from '../connection.ts';
import type { Desk } from '../desk.ts';
import { onConnect, onRefresh } from './on-connect.ts';
import { onHistory, onPresence, onPresenceStats } from './on-look.ts';
import { onSubRefresh, onSubscribe, onUnsubscribe } from './on-subscribe.ts';
import { onPublish, onRpc, onSend } from './on-talk.ts';

/** So many refusals for asking too often, and whoever asks is sent away for a while. */
const REFUSED_MAX = 100;

/** Takes a frame as it came: checks it, counts it, and has each of its commands answered in turn. */
export function receive(desk: Desk, log: Log, connection: Connection, text: string): void {
  const commands = readFrame(text);
  if (!commands) connection.close(CLOSE.badRequest);
  for (const command of commands ?? []) {
    if (command === 'pong') connection.pongBy = undefined;
    else if (!connection.allowance.take(desk.now())) refuseForNow(connection, command.id);
    else if (!connection.run(() => answer(desk, log, connection, command))) connection.close(CLOSE.tooManyRequests);
  }
}

function refuseForNow(connection: Connection, id: number): void {
  connection.refused += 1;
  if (connection.refused > REFUSED_MAX) connection.close(CLOSE.tooManyRequests);
  else connection.refuse(id, REFUSAL.tooManyRequests);
}

async function answer(desk: Desk, log: Log, connection: Connection, command: Command): Promise<void> {
  try {
    await handle(desk, connection, command);
  } catch (error) {
    connection.refuse(command.id, REFUSAL.internal); // It is tried again by itself.
    if (!(error instanceof BrokerAway)) log.error('a realtime command failed', { command: command.name, error });
  }
}

function handle(desk: Desk, connection: Connection, command: Command): Promise<void> {
  const { id, name } = command;
  if (name === 'connect') return onConnect(desk, connection, id, command.request);
  if (!connection.viewer) {
    connection.close(CLOSE.badRequest);
    return Promise.resolve();
  }
  switch (name) {
    case 'subscribe':
      return onSubscribe(desk, connection, id, command.request);
    case 'unsubscribe':
      return onUnsubscribe(desk, connection, id, command.request);
    case 'publish':
      return onPublish(desk, connection, id, command.request);
    case 'history':
      return onHistory(desk, connection, id, command.request);
    case 'presence':
      return onPresence(desk, connection, id, command.request);
    case 'presence_stats':
      return onPresenceStats(desk, connection, id, command.request);
    case 'rpc':
      return onRpc(desk, connection, id, command.request);
    case 'send':
      return onSend(desk, connection, command.request);
    case 'refresh':
      return onRefresh(desk, connection, id, command.request);
    case 'sub_refresh':
      return onSubRefresh(desk, connection, id, command.request);
  }
}
