import { givenIn, type RawEnvironment } from '../config.ts';
import { DOCUMENTED } from './document.ts';

/** What a process would run with, a line for each variable. What is secret is not in it. */
export function printableConfig(env: RawEnvironment): string {
  const given = givenIn(env);
  return DOCUMENTED.map(({ name, fallback, isSecret }) => {
    const value = given[name];
    if (value === undefined) return `${name.padEnd(26)} (not set: ${fallback.replaceAll('`', '')})`;
    return `${name.padEnd(26)} ${isSecret ? masked(value) : value}`;
  }).join('\n');
}

/** Of an address all but its password; of anything else its length. */
function masked(value: string): string {
  if (!/^\w+:\/\//.test(value) || !URL.canParse(value)) return value === 'memory:' ? value : `(set, ${value.length} characters)`;
  const { protocol, username, password, host, pathname } = new URL(value);
  const user = username === '' && password === '' ? '' : `${username}${password === '' ? '' : ':***'}@`;
  return `${protocol}//${user}${host}${pathname}`;
}
