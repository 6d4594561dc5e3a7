// Which declared types are the expected one.
import { describe, expect, it } from 'vitest'
import { isTypeExpected, type TypeExpectation } from '../../src/token/type.js'

describe('isTypeExpected', () => {
  it.each<[string | undefined, TypeExpectation, boolean]>([
    ['JWT', ['JWT'], true],
    ['jwt', ['JWT'], true],
    ['application/JWT', ['jwt'], true],
    ['eat+jwt', ['application/eat+jwt'], true],
    ['text/jwt', ['JWT'], false],
    ['JWT', [null], false],
    [undefined, ['JWT'], false],
    [undefined, [null], true],
    [undefined, ['JWT', null], true],
  ])('%s where %j is expected: %s', (type, expected, answer) => {
    expect(isTypeExpected(type, expected)).toBe(answer)
  })

  it('takes no token without a type for an expectation that was left undefined', () => {
    const left: unknown = [undefined]
    expect(isTypeExpected(undefined, left as TypeExpectation)).toBe(false)
  })
})
