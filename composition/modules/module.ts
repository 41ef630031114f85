import type { Options } from '@mikro-orm/postgresql';
import type { ContainerModule } from 'inversify';
import type { Token } from '../token.ts';

/** One module's wiring: what every profile shares, its two stores, and the rows it keeps. */
export type Module = {
  readonly core: ContainerModule;
  readonly postgres: ContainerModule;
  readonly memory: ContainerModule;
  readonly rows: NonNullable<Options['entities']>;
};

/** Everything bound under a token, which may be nothing. */
export const many = <T>(serviceIdentifier: Token<T>) => ({ serviceIdentifier, isMultiple: true, optional: true }) as const;

/** What is bound under a token, if anything is. */
export const maybe = <T>(serviceIdentifier: Token<T>) => ({ serviceIdentifier, optional: true }) as const;
