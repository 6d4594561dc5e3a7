// Orders dotted versions such as 550.90.07.

/** Negative, zero or positive like a comparator; undefined when either is not a dotted list of numbers. */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [parts(a), parts(b)]
  if (left === undefined || right === undefined) return undefined
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function parts(version: string): number[] | undefined {
  return /^\d{1,9}(\.\d{1,9})*$/.test(version) ? version.split('.').map(Number) : undefined
}
