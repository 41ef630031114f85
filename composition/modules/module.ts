import type { Options } from '@mikro-orm/postgresql';
import type { ContainerModule } from 'inversify';
import type { Subscription } from '#application/shared/events.ts';
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

/** A subscription that knows its module's transactions, for a log that knows its own. */
export const within = <Outer, Inner>(subscription: Subscription<Inner>, scope: (tx: Outer) => Inner): Subscription<Outer> => ({
  ...subscription,
  on: (tx, ...delivery) => subscription.on(scope(tx), ...delivery),
});

/** What is bound under a token, if anything is. */
export const maybe = <T>(serviceIdentifier: Token<T>) => ({ serviceIdentifier, optional: true }) as const;
