// The ledger: one outcome per check, worse records win, silence is no success.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CheckOutcome, type Ledger, openLedger } from '../../src/result/check.js'
import { appraiseFailure, type Failure } from '../../src/result/failure.js'

const ids = ['a', 'b', 'c'] as const
type Id = (typeof ids)[number]
const failure = (at: string): Failure => appraiseFailure('device/unlocked', at, {})
const missing = (check: Id): Failure => appraiseFailure('check/not-done', check, { check })
const open = (waivers: Readonly<Record<string, string>> = {}): Ledger<Id> =>
  openLedger(ids, new Map(Object.entries(waivers)), missing)

describe('a ledger', () => {
  it('lists every check once, in its own order', () => {
    const ledger = open()
    ledger.pass('c')
    ledger.fail('a', failure('x'))
    ledger.pass('c')
    expect(ledger.close()).toEqual([
      { id: 'a', outcome: 'fail', failures: [failure('x')] },
      { id: 'b', outcome: 'indeterminate', failures: [missing('b')] },
      { id: 'c', outcome: 'pass', failures: [] },
    ])
  })

  it('waives what is not satisfied, with the reason, and nothing else', () => {
    const ledger = open({ a: 'ra', b: 'rb', c: 'rc' })
    ledger.fail('a', failure('x'))
    ledger.pass('c')
    expect(ledger.close()).toEqual([
      { id: 'a', outcome: 'waived', reason: 'ra', failures: [failure('x')] },
      { id: 'b', outcome: 'waived', reason: 'rb', failures: [missing('b')] },
      { id: 'c', outcome: 'pass', failures: [] },
    ])
    const idle = open({ a: 'ra' })
    idle.notApplicable('a', 'why')
    expect(idle.close()[0]).toEqual({ id: 'a', outcome: 'not-applicable', reason: 'why', failures: [] })
  })

  it('ignores names it does not know', () => {
    expect(
      open({ d: 'r', constructor: 'r' })
        .close()
        .map(({ outcome }) => outcome),
    ).toEqual(ids.map(() => 'indeterminate'))
  })

  const order: readonly CheckOutcome[] = ['not-applicable', 'pass', 'indeterminate', 'fail']
  const recorded = fc.constantFrom(...order)

  it('gives the worst record, whatever the order of recording', () => {
    fc.assert(
      fc.property(fc.array(recorded, { minLength: 1, maxLength: 6 }), (records) => {
        const ledger = open()
        for (const outcome of records) {
          if (outcome === 'pass') ledger.pass('a')
          else if (outcome === 'fail') ledger.fail('a', failure('f'))
          else if (outcome === 'indeterminate') ledger.indeterminate('a', failure('i'))
          else ledger.notApplicable('a', 'n')
        }
        const worst = order[Math.max(...records.map((outcome) => order.indexOf(outcome)))]
        const [check] = ledger.close()
        expect(check?.outcome).toBe(worst)
        const failures = records.filter((outcome) => outcome === 'fail' || outcome === 'indeterminate').length
        expect(check?.failures).toHaveLength(failures)
        expect(check?.reason).toBe(worst === 'not-applicable' ? 'n' : undefined)
      }),
    )
  })
})
