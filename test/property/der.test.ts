// The DER reader and the certificate parser against arbitrary and mutated input.
import { fromBER, Integer } from 'asn1js'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type DerCursor, endDer, enterDer, openDer, peekTag, readInteger, takeAny } from '../../src/encoding/der.js'
import { decodeOid } from '../../src/encoding/oid.js'
import { AttestationError } from '../../src/result/error.js'
import { parseCertificate } from '../../src/x509/certificate.js'
import { deviceFwid, deviceInfo } from '../../src/x509/dice.js'
import { der, oid } from '../x509/issuer.js'
import { build } from '../x509/path-cases.js'
import { withExtensions } from '../x509/raw-certificate.js'

/** The value, or undefined if the input is refused; any other error fails the test. */
function accepted<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (error instanceof AttestationError) return undefined
    throw error
  }
}

type Tree =
  | { readonly tag: number; readonly children: readonly Tree[] }
  | { readonly tag: number; readonly content: Uint8Array }

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.record(
      { tag: fc.constantFrom(0x02, 0x04, 0x0c, 0x80, 0x87), content: fc.uint8Array({ maxLength: 300 }) },
      { noNullPrototype: true },
    ),
    fc.record(
      { tag: fc.constantFrom(0x30, 0x31, 0xa0, 0xa3), children: fc.array(tie('tree'), { maxLength: 4 }) },
      { noNullPrototype: true },
    ),
  ),
}))

const encode = (one: Tree): Uint8Array =>
  'content' in one ? der(one.tag, one.content) : der(one.tag, ...one.children.map(encode))

/** Walks everything constructed; returns the elements as the cursor cuts them. */
function walk(cursor: DerCursor): Tree[] {
  const found: Tree[] = []
  for (let tag = peekTag(cursor); tag !== undefined; tag = peekTag(cursor)) {
    if ((tag & 0x20) !== 0) found.push({ tag, children: walk(enterDer(cursor, tag, '')) })
    else {
      const element = takeAny(cursor, '')
      const header = (element[1] ?? 0) < 0x80 ? 2 : 2 + ((element[1] ?? 0) & 0x7f)
      found.push({ tag, content: element.subarray(header) })
    }
  }
  endDer(cursor)
  return found
}

describe('the DER cursor', () => {
  it('reads back whatever was encoded', () => {
    fc.assert(
      fc.property(tree, (one) => {
        expect(walk(openDer(encode(one), '', 1 << 20))).toEqual([one])
      }),
      { numRuns: 300 },
    )
  })

  it('accepts only the one encoding: what it reads, encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const found = accepted(() => walk(openDer(bytes, '', 1 << 20)))
        if (found !== undefined) expect(Buffer.concat(found.map(encode))).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 3000 },
    )
  })

  it('accepts only the one encoding of spoilt structures, too', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat(255), (one, where, octet) => {
        const bytes = encode(one)
        bytes[where % bytes.length] = octet
        const found = accepted(() => walk(openDer(bytes, '', 1 << 20)))
        if (found !== undefined) expect(Buffer.concat(found.map(encode))).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 1000 },
    )
  })

  it('reads integers that an independent reader reads the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (content) => {
        const bytes = der(2, content)
        const ours = accepted(() => readInteger(openDer(bytes, '', 100), ''))
        if (ours === undefined) return
        const { result } = fromBER(Uint8Array.from(bytes))
        if (!(result instanceof Integer)) throw new Error('not an integer')
        expect(result.toBigInt()).toBe(
          BigInt.asIntN(content.length * 8, BigInt(`0x${Buffer.from(ours).toString('hex')}`)),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('reads every object identifier back', () => {
    const arcs = fc.tuple(fc.constantFrom(0, 1, 2), fc.nat(39), fc.array(fc.nat(), { maxLength: 10 }))
    fc.assert(
      fc.property(arcs, ([first, second, rest]) => {
        const dotted = [first, second, ...rest].join('.')
        expect(decodeOid(oid(dotted).subarray(2), '', '')).toBe(dotted)
      }),
    )
  })

  it('keeps different object identifiers apart', () => {
    const content = fc.uint8Array({ minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(content, content, (a, b) => {
        const [left, right] = [a, b].map((bytes) => accepted(() => decodeOid(bytes, '', '')))
        if (left !== undefined && left === right) expect(a).toEqual(b)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the certificate parser', () => {
  let certificates: readonly Uint8Array[] = []
  beforeAll(async () => {
    certificates = [...(await build({ name: 'plain', expected: 'verified' })).values()]
  })
  const readAll = (bytes: Uint8Array): unknown =>
    accepted(() => {
      const certificate = parseCertificate(bytes, 'c')
      return [accepted(() => deviceFwid(certificate)), accepted(() => deviceInfo(certificate)), certificate]
    })

  it('refuses arbitrary bytes with an AttestationError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readAll(bytes)).toBeUndefined()
      }),
      { numRuns: 2000 },
    )
  })

  it('reads spoilt certificates or refuses them with an AttestationError, and keeps all their bytes', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (which, edits) => {
          const bytes = Uint8Array.from(certificates[which % certificates.length] ?? [])
          for (const [where, octet] of edits) bytes[where % bytes.length] = octet
          readAll(bytes)
          const certificate = accepted(() => parseCertificate(bytes))
          if (certificate !== undefined) expect(certificate.raw).toEqual(bytes)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('refuses every part of a certificate that is not the whole', () => {
    const [bytes = new Uint8Array()] = certificates
    expect(bytes.length).toBeGreaterThan(100)
    for (let length = 0; length < bytes.length; length++) expect(readAll(bytes.subarray(0, length))).toBeUndefined()
    expect(readAll(Uint8Array.of(...bytes, 0))).toBeUndefined()
  })

  it('takes arbitrary content in every extension it knows', () => {
    const known = ['14', '15', '17', '19', '30', '31', '32', '35', '37'].map((last) => `2.5.29.${last}`)
    const types = [...known, '1.3.6.1.5.5.7.1.1', '1.3.6.1.5.5.7.48.1.5', '2.23.133.5.4.1', '2.23.133.5.4.1.1']
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.oneof(tree.map(encode), fc.uint8Array({ maxLength: 40 })),
        (type, value) => {
          readAll(withExtensions({ oid: type, critical: false, value }))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is fast on the largest input it takes', () => {
    // Sixteen kilobytes of the cheapest elements to list: the most work one certificate can ask for.
    const value = der(0x30, ...Array.from({ length: 5300 }, () => '060129'))
    const certificate = withExtensions({ oid: '2.5.29.37', critical: false, value })
    expect(parseCertificate(certificate).known.extKeyUsage?.length).toBe(5300)
    const started = performance.now()
    for (let i = 0; i < 20; i++) readAll(certificate)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
