// The checks an appraisal of a location consists of; every result lists each of them once.

/** In the order in which they are shown. */
export const locationCheckIds = [
  'question',
  'device-binding',
  'nonce',
  'bracket',
  'key-confinement',
  'agent',
  'migration',
  'gpu-in-loop',
  'landmarks',
  'quorum',
  'consistency',
  'region-size',
  'inside',
  'outside',
  'claimed-country',
  'assertion',
] as const

/** One of {@link locationCheckIds}. */
export type LocationCheckId = (typeof locationCheckIds)[number]

/** Checks that are the question itself, or without which an answer means nothing. */
export const unwaivableLocationChecks = [
  'question',
  'quorum',
  'consistency',
  'region-size',
  'inside',
  'outside',
  'claimed-country',
] as const
