// Verified<T>: a value that only this library's verify functions can make.

declare const verifiedBrand: unique symbol

/**
 * A value whose signatures, chain and bindings were checked by a `verify*` function of this library.
 * The brand stops the compiler from accepting anything else; {@link isVerified} stops copies and casts at run time.
 */
export type Verified<T> = T & { readonly [verifiedBrand]: T }

// Holds the objects themselves, not marks on them: a copy, spread or look-alike is not in the set.
const proven: WeakSet<object> = /* @__PURE__ */ new WeakSet<object>()

/** For verify functions only: seals `value` after every check on it has passed. Freezes it, so that it stays what was checked. */
export function markVerified<T extends object>(value: T): Verified<T> {
  Object.freeze(value)
  proven.add(value)
  return value as Verified<T>
}

/** True only for the very object a `verify*` function of this library returned. */
export function isVerified(value: unknown): boolean {
  return typeof value === 'object' && value !== null && proven.has(value)
}

/** Guard at the door of every function that takes proofs. Throws `TypeError`: a forged proof is a programmer's error. */
export function requireVerified(value: unknown, parameter: string): void {
  if (!isVerified(value))
    throw new TypeError(`${parameter} must be the value a verify function returned, not a copy of it`)
}
