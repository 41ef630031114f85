declare const brand: unique symbol;

/** A value that only its own module can mint. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
