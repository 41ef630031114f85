/**
 * What a transition produced: the next state and the facts that led to it, saved as one.
 * `state.version` is still the version the transition started from; each event adds one when it is saved.
 */
export type Change<S, E> = { readonly state: S; readonly events: readonly E[] };
