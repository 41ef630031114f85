import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { PasswordHasher } from '#application/identity/ports.ts';
import { type PoolLimits, ThreadPool } from './thread-pool.ts';

/** A key that no hash works without. It is kept outside the database, so that a stolen table of hashes is worth nothing. */
export type Pepper = { readonly kid: string; readonly secret: string };

export type BcryptOptions = Partial<PoolLimits> & {
  /** The first is used for new hashes, the others for verifying older ones. */
  readonly peppers: readonly [Pepper, ...Pepper[]];
  /** The base-2 logarithm of the rounds. */
  readonly cost?: number;
};

const COST = 12;
const COST_MIN = 4;
const COST_MAX = 15;
const SECRET_BYTES_MIN = 32;
const LIMITS: PoolLimits = { threads: 2, waitingMax: 64, waitMaxMs: 10_000 };

const KID = /^[A-Za-z0-9_-]{1,32}$/;
const STORED = /^v1\$([A-Za-z0-9_-]{1,32})\$(\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53})$/;
/** A well-formed hash of nothing: what is verified when there is no other, so that it takes as long. */
const NOBODY = `${'.'.repeat(22)}${'a'.repeat(31)}`;

/**
 * bcrypt over a keyed digest of the normalised password, as `v1$<kid>$<bcrypt>`. The digest takes passwords of every
 * length whole, where bcrypt itself looks at 72 bytes. The work is done on threads, never on the event loop.
 */
export class BcryptPasswordHasher implements PasswordHasher {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #current: string;
  readonly #cost: number;
  readonly #pool: ThreadPool;

  constructor({ peppers, cost = COST, ...limits }: BcryptOptions) {
    if (!Number.isInteger(cost) || cost < COST_MIN || cost > COST_MAX)
      throw new RangeError(`bcrypt cost must be ${COST_MIN} to ${COST_MAX}, got ${cost}`);
    for (const { kid, secret } of peppers) {
      if (!KID.test(kid)) throw new TypeError(`not a key id: ${kid}`);
      if (Buffer.byteLength(secret) < SECRET_BYTES_MIN) throw new RangeError(`pepper ${kid} must have ${SECRET_BYTES_MIN} bytes or more`);
    }
    this.#keys = new Map(peppers.map(({ kid, secret }) => [kid, createSecretKey(secret, 'utf8')]));
    if (this.#keys.size < peppers.length) throw new TypeError('two peppers have the same key id');
    this.#current = peppers[0].kid;
    this.#cost = cost;
    this.#pool = new ThreadPool({ ...LIMITS, ...limits });
  }

  async hash(password: string): Promise<string> {
    if (!password.isWellFormed()) throw new TypeError('a password must be well-formed Unicode');
    const hash = await this.#pool.run({ kind: 'hash', text: this.#digest(this.#current, password), cost: this.#cost });
    return `v1$${this.#current}$${hash}`;
  }

  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const stored = parse(hash);
    const isKnown = stored !== undefined && this.#keys.has(stored.kid) && password.isWellFormed();
    const text = this.#digest(isKnown ? stored.kid : this.#current, password);
    const matches = await this.#pool.run({ kind: 'verify', text, hash: isKnown ? stored.bcrypt : this.#nobody() });
    return isKnown && matches === true;
  }

  needsRehash(hash: string): boolean {
    const stored = parse(hash);
    return stored === undefined || stored.kid !== this.#current || stored.cost !== this.#cost || !stored.bcrypt.startsWith('$2b$');
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #digest(kid: string, password: string): string {
    return createHmac('sha384', this.#keys.get(kid) as KeyObject)
      .update(password.normalize('NFKC'), 'utf8')
      .digest('base64');
  }

  #nobody(): string {
    return `$2b$${String(this.#cost).padStart(2, '0')}$${NOBODY}`;
  }
}

function parse(hash: string | undefined): { readonly kid: string; readonly bcrypt: string; readonly cost: number } | undefined {
  const [, kid, bcrypt, cost] = STORED.exec(hash ?? '') ?? [];
  return kid === undefined || bcrypt === undefined ? undefined : { kid, bcrypt, cost: Number(cost) };
}
