import { z } from 'zod';

const Name = z.string().min(1).max(128);
const Token = z.string().max(2_048);
const Offset = z.int().min(0);
const Epoch = z.string().max(64);
const Since = z.object({ offset: Offset.default(0), epoch: Epoch.default('') });

/** What a client may ask, each under the name of its member in a command. */
export const REQUESTS = {
  connect: z.object({ token: Token.default(''), name: z.string().max(64).default(''), version: z.string().max(64).default('') }),
  subscribe: z.object({
    channel: Name,
    token: Token.optional(),
    recover: z.boolean().default(false),
    offset: Offset.default(0),
    epoch: Epoch.default(''),
    join_leave: z.boolean().default(false),
    /** Bit 2: refuse rather than go on behind a gap. */
    flag: z.int().min(0).default(0),
  }),
  unsubscribe: z.object({ channel: Name }),
  publish: z.object({ channel: Name, data: z.unknown() }),
  history: z.object({ channel: Name, limit: z.int().min(-1).max(300).default(0), reverse: z.boolean().default(false), since: Since.optional() }),
  presence: z.object({ channel: Name }),
  presence_stats: z.object({ channel: Name }),
  rpc: z.object({ method: z.string().max(64).default(''), data: z.unknown() }),
  send: z.object({ data: z.unknown() }),
  refresh: z.object({ token: Token }),
  sub_refresh: z.object({ channel: Name, token: Token }),
} as const;
export type RequestName = keyof typeof REQUESTS;
export type Requested<N extends RequestName> = z.output<(typeof REQUESTS)[N]>;

export type Command = { readonly [N in RequestName]: { readonly id: number; readonly name: N; readonly request: Requested<N> } }[RequestName];

const NAMES = Object.keys(REQUESTS) as readonly RequestName[];
const Envelope = z.looseObject({ id: z.int().min(0).max(0xffff_ffff).default(0) });
const COMMANDS_MAX = 256;

/** The commands of a frame, one a line; `pong` is an empty one. Undefined when any of it is not what the protocol says. */
export function readFrame(text: string): readonly (Command | 'pong')[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0 || lines.length > COMMANDS_MAX) return undefined;
  const commands: (Command | 'pong')[] = [];
  for (const line of lines) {
    const command = readLine(line);
    if (command === undefined) return undefined;
    commands.push(command);
  }
  return commands;
}

function readLine(line: string): Command | 'pong' | undefined {
  const parsed = Envelope.safeParse(jsonOf(line));
  if (!parsed.success) return undefined;
  const { id, ...members } = parsed.data;
  const named = NAMES.filter((name) => members[name] !== undefined);
  if (named.length === 0) return id === 0 && Object.keys(members).length === 0 ? 'pong' : undefined;
  const [name] = named;
  if (named.length > 1 || name === undefined || (id === 0 && name !== 'send')) return undefined;
  const request = REQUESTS[name].safeParse(members[name]);
  return request.success ? ({ id, name, request: request.data } as Command) : undefined;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
