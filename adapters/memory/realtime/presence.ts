import type { Member, Presence } from '#application/realtime/ports.ts';

/** Who follows a channel, where one process is all there is: whoever leaves says so. */
export class MemoryPresence implements Presence {
  readonly #channels = new Map<string, Map<string, Member>>();

  async enter(channel: string, member: Member): Promise<boolean> {
    const members = this.#channels.get(channel) ?? new Map<string, Member>();
    this.#channels.set(channel, members);
    const isFirst = !hasUser(members, member.userId);
    members.set(member.clientId, member);
    return isFirst;
  }

  async leave(channel: string, { clientId, userId }: Member): Promise<boolean> {
    const members = this.#channels.get(channel);
    const wasThere = members?.delete(clientId) ?? false;
    if (members?.size === 0) this.#channels.delete(channel);
    return wasThere && !hasUser(members ?? new Map(), userId);
  }

  async keep(): Promise<readonly Member[]> {
    return [];
  }

  async members(channel: string): Promise<readonly Member[]> {
    return [...(this.#channels.get(channel)?.values() ?? [])];
  }
}

const hasUser = (members: ReadonlyMap<string, Member>, userId: string): boolean => [...members.values()].some((one) => one.userId === userId);
