export type Key = { readonly kid: string; readonly bytes: Uint8Array };

/** The keys of one purpose: new things are made with the current one, older ones stay readable while their secret is kept. */
export type KeyRing = { readonly current: Key /** The current one first. */; readonly all: readonly Key[]; find(kid: string): Key | undefined };

export function ringOf(current: Key, ...older: readonly Key[]): KeyRing {
  const keys = new Map([...older, current].map((key) => [key.kid, key]));
  return { current, all: [current, ...older], find: (kid) => keys.get(kid) };
}
