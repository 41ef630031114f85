import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outgoing } from '#adapters/outbound/outgoing.ts';
import { dnsResolve } from '#adapters/outbound/resolve.ts';

const TYPES = { 1: 'A', 28: 'AAAA' } as const;
/** What the name server in here says, in the bytes of an address; for every other name it says that there is none. */
const ZONE: Readonly<Record<string, readonly number[]>> = {
  'A public.thali.test': [8, 8, 8, 8],
  'AAAA public.thali.test': [0x26, 0x06, 0x47, 0, ...Array(11).fill(0), 1],
  'A inside.thali.test': [10, 0, 0, 7],
  'AAAA six.thali.test': [0xfd, ...Array(14).fill(0), 1],
};

/** A name server that speaks the protocol, as far as two kinds of questions go (RFC 1035). */
function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] as number; length > 0; length = query[at] as number) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const type = query.readUInt16BE(at + 1);
  const address = ZONE[`${TYPES[type as 1 | 28]} ${labels.join('.').toLowerCase()}`];
  const isKnown = Object.keys(ZONE).some((name) => name.endsWith(` ${labels.join('.').toLowerCase()}`));
  const header = Buffer.from([...query.subarray(0, 2), 0x81, isKnown ? 0x80 : 0x83, 0, 1, 0, address ? 1 : 0, 0, 0, 0, 0]);
  const answer = address ? Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, address.length, ...address]) : Buffer.alloc(0);
  return Buffer.concat([header, query.subarray(12, at + 5), answer]);
}

describe('the names of endpoints', () => {
  let server: Socket;
  let servers: string[];
  beforeAll(async () => {
    server = createSocket('udp4');
    server.on('message', (query, from) => server.send(answerTo(query), from.port, from.address));
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    servers = [`127.0.0.1:${server.address().port}`];
  });
  afterAll(() => void server.close());

  it('are looked up in the DNS, both kinds of addresses', async () => {
    const resolve = dnsResolve(servers);
    expect(await resolve('public.thali.test')).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
    expect(await resolve('six.thali.test')).toEqual([{ address: 'fd00::1', family: 6 }]);
    await expect(resolve('nowhere.thali.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('are refused for where they lead', async () => {
    const { faultOf } = outgoing({ ports: [443], allowsLoopback: false, resolve: dnsResolve(servers) });
    const faults = ['public', 'inside', 'six', 'nowhere'].map((name) => faultOf(`https://${name}.thali.test/`));
    expect(await Promise.all(faults)).toEqual([undefined, 'not_public', 'not_public', 'unresolvable']);
  });
});
