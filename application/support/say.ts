import { type Message, type Speaker, Thread, type Words } from '#domain/support/thread.ts';
import type { Threads } from './ports.ts';

export type Saying = {
  /** The thread as it was locked; undefined opens one. */
  readonly thread: Thread | undefined;
  readonly opening: Pick<Thread, 'restaurantId' | 'subject' | 'customerId'> & { readonly id: string };
  readonly speaker: Speaker;
  readonly words: Words;
  readonly at: number;
};

/** Says something within a transaction, opening the thread if it must. */
export async function say(threads: Threads, { thread, opening, speaker, words, at }: Saying): Promise<Message> {
  const { id, ...about } = opening;
  const opened = thread === undefined ? Thread.open(id, about, at) : { state: thread, events: [] };
  const { change, message } = Thread.post(opened.state, speaker, words, at);
  await threads.save({ state: change.state, events: [...opened.events, ...change.events] });
  await threads.add(message);
  return message;
}
