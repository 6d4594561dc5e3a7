// Compares claims in the vendor's names with the values a relying party's policy demands.
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'
import type { RequiredClaim } from './policy.js'

/** Every demanded name must be present with an equal value, objects member by member; names nobody demands do not matter. */
export function compareClaims(
  required: { readonly [name: string]: RequiredClaim },
  claims: { readonly [name: string]: unknown },
  at: string,
): readonly AppraiseFailure[] {
  return Object.entries(required).flatMap(([name, expected]) => {
    const path = `${at}.${name}`
    const actual = Object.hasOwn(claims, name) ? claims[name] : undefined
    if (isObject(expected))
      return isRecord(actual) ? compareClaims(expected, actual, path) : [mismatch(path, name, expected, actual)]
    return actual === expected ? [] : [mismatch(path, name, expected, actual)]
  })
}

function mismatch(at: string, claim: string, expected: RequiredClaim, actual: unknown): AppraiseFailure {
  return appraiseFailure('claims/policy-mismatch', at, { claim, expected: show(expected), actual: show(actual) })
}

function show(value: unknown): string {
  return value === undefined ? '(absent)' : JSON.stringify(value)
}

function isObject(value: RequiredClaim): value is { readonly [name: string]: RequiredClaim } {
  return typeof value === 'object' && value !== null
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
