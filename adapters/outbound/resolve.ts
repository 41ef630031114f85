import { Resolver } from 'node:dns/promises';

export type Resolved = { readonly address: string; readonly family: 4 | 6 };
/** All addresses of a name, or a rejection when it has none. */
export type Resolve = (host: string) => Promise<readonly Resolved[]>;

const TIMEOUT_MS = 2_000;
const TRIES = 2;

/**
 * Asks the DNS itself. The system's own look-up takes one of few threads for as long as a name server likes to keep it, so
 * that some names of strangers could hold up everything that looks up a name or reads a file.
 */
export function dnsResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers) resolver.setServers(servers);
  return async (host) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = (answer: PromiseSettledResult<string[]>, family: 4 | 6): Resolved[] =>
      answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : [];
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [...found(four, 4), ...found(six, 6)];
  };
}
