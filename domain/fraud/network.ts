/** An internet address in one spelling, and the network it is of: a /24 of version 4, a /64 of version 6. */
export type Network = { readonly ip: string; readonly network: string };

/** Undefined for what is no address; nobody is judged by an address that cannot be read. */
export function networkOf(text: string): Network | undefined {
  const bare = text.trim().toLowerCase().replace(/%.*$/, '');
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(bare)?.[1];
  const four = version4(mapped ?? bare);
  if (four) return { ip: four.join('.'), network: `${four.slice(0, 3).join('.')}.0/24` };
  const six = version6(bare);
  if (!six) return undefined;
  return { ip: six.map(hex).join(':'), network: `${six.slice(0, 4).map(hex).join(':')}::/64` };
}

const hex = (group: number): string => group.toString(16);

function version4(text: string): readonly number[] | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split('.').map(Number);
  return parts.every((part) => part <= 255) ? parts : undefined;
}

function version6(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(groupsOf))) as [number[], number[]?];
  const groups = tail ? [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => 0), ...tail] : head;
  const isWhole = groups.length === 8 && (tail === undefined || head.length + tail.length < 8);
  return isWhole && groups.every((group) => group >= 0 && group <= 0xffff) ? groups : undefined;
}

/** One group, or the two that a trailing version 4 address stands for; -1 for neither. */
function groupsOf(text: string): readonly number[] {
  const four = version4(text);
  if (four) return [((four[0] as number) << 8) | (four[1] as number), ((four[2] as number) << 8) | (four[3] as number)];
  return [/^[0-9a-f]{1,4}$/.test(text) ? Number.parseInt(text, 16) : -1];
}
