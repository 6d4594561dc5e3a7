import { describe, expect, it } from 'vitest'
import type { CryptoProvider, SignatureCheck } from '../../src/crypto/provider.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { isVerified } from '../../src/result/proof.js'
import type { NonEmptyArray } from '../../src/result/result.js'
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js'
import { type CertificatePathInput, verifyCertificatePath } from '../../src/x509/path.js'
import { createPathCache } from '../../src/x509/path-cache.js'
import { type TrustAnchor, trustAnchorFromCertificate } from '../../src/x509/trust-anchor.js'
import { rejection } from '../encoding/refusal.js'
import { altNames, basicConstraints, type CertificateSpec, dns, issue, keyUsage, nameConstraints } from './issuer.js'
import { build, now, type PathCase, pathCases } from './path-cases.js'

const unchecked = { kind: 'unchecked', reason: 'not the subject here' } as const

function need(certificates: ReadonlyMap<string, Uint8Array>, name: string): Certificate {
  const bytes = certificates.get(name)
  if (bytes === undefined) throw new Error(`no certificate ${name}`)
  return parseCertificate(bytes, name)
}

function anchorsOf(
  certificates: ReadonlyMap<string, Uint8Array>,
  names: readonly string[],
): NonEmptyArray<TrustAnchor> {
  const [first, ...rest] = names.map((name) => trustAnchorFromCertificate(need(certificates, name)))
  if (first === undefined) throw new Error('no anchor')
  return [first, ...rest]
}

async function inputOf(one: PathCase): Promise<CertificatePathInput> {
  const certificates = await build(one)
  return {
    leaf: need(certificates, 'leaf'),
    intermediates: (one.given ?? ['ca2', 'ca1']).map((name) => need(certificates, name)),
    trustAnchors: anchorsOf(certificates, one.anchors ?? ['root']),
    now,
    revocation: unchecked,
    ...one.options,
  }
}

const plain: PathCase = { name: 'plain', expected: 'verified' }

describe('verifyCertificatePath', () => {
  it.each(pathCases)('judges $name', async (one) => {
    const input = await inputOf(one)
    if (one.expected === 'verified') {
      const path = await verifyCertificatePath(input)
      expect(isVerified(path)).toBe(true)
      expect(path.leaf).toBe(input.leaf)
      expect(path.certificates[0]).toBe(input.leaf)
    } else {
      expect(await rejection(verifyCertificatePath(input))).toMatchObject({ stage: 'verify', ...one.expected })
    }
  })

  it('returns the path leaf first, without the certificate of the anchor', async () => {
    const input = await inputOf({ ...plain, given: ['root', 'ca1', 'ca2'] })
    const path = await verifyCertificatePath(input)
    expect(path.certificates.map(({ at }) => at)).toEqual(['leaf', 'ca2', 'ca1'])
    expect(path.trustAnchor).toBe(input.trustAnchors[0])
    expect(path.validatedAt).toEqual(now)
    expect(path.validatedAt).not.toBe(now)
  })

  it('tells when the first certificate of the path expires', async () => {
    const soon = new Date('2026-07-01T00:00:00Z')
    const input = await inputOf({
      ...plain,
      change: (world) => {
        if (world['ca1'] !== undefined) world['ca1'].notAfter = soon
      },
    })
    expect((await verifyCertificatePath(input)).notAfter).toEqual(soon)
  })

  it('says of each certificate that revocation was not checked, and why', async () => {
    const path = await verifyCertificatePath(await inputOf(plain))
    expect(path.revocation).toEqual(
      path.certificates.map(() => ({
        status: 'not-checked',
        source: 'none',
        reason: 'not the subject here',
        acceptable: false,
        failures: [],
      })),
    )
  })

  it('refuses a path whose revocation is unknown when told to throw, and records it when told to record', async () => {
    const policy = { scope: 'whole-path', whenUnknown: 'fail', certificateHold: 'fail', maxAgeSeconds: 60 } as const
    const evidence = { kind: 'checked', ocspResponses: [], crls: [] } as const
    const input = await inputOf(plain)
    const thrown = await rejection(
      verifyCertificatePath({ ...input, revocation: { ...evidence, policy: { ...policy, onFailure: 'throw' } } }),
    )
    expect(thrown.code).toBe('revocation/no-evidence')
    const path = await verifyCertificatePath({
      ...input,
      revocation: { ...evidence, policy: { ...policy, onFailure: 'record' } },
    })
    expect(path.revocation.map(({ status, acceptable }) => [status, acceptable])).toEqual([
      ['unknown', false],
      ['unknown', false],
      ['unknown', false],
    ])
  })

  it('refuses misuse with a TypeError', async () => {
    const input = await inputOf(plain)
    const none: readonly TrustAnchor[] = []
    // @ts-expect-error the type forbids an empty set; plain JavaScript does not
    await expect(verifyCertificatePath({ ...input, trustAnchors: none })).rejects.toThrow(TypeError)
    await expect(verifyCertificatePath({ ...input, now: new Date(Number.NaN) })).rejects.toThrow(TypeError)
  })

  it('accepts a path with the name and key of the anchor alone', async () => {
    const input = await inputOf(plain)
    const { name, publicKey, spki } = input.trustAnchors[0]
    expect(isVerified(await verifyCertificatePath({ ...input, trustAnchors: [{ name, publicKey, spki }] }))).toBe(true)
  })

  it('takes either of two anchors with one name, whichever key signed', async () => {
    const one = await inputOf(plain)
    const impostor = await inputOf({
      ...plain,
      change: (world) => {
        if (world['root'] !== undefined) Object.assign(world['root'], { key: 'P-384:second', signer: 'P-384:second' })
      },
    })
    const trustAnchors: NonEmptyArray<TrustAnchor> = [impostor.trustAnchors[0], one.trustAnchors[0]]
    expect((await verifyCertificatePath({ ...one, trustAnchors })).trustAnchor).toBe(one.trustAnchors[0])
  })

  it('refuses every single-octet change of a leaf', async () => {
    const certificates = await build(plain)
    const bytes = certificates.get('leaf')
    if (bytes === undefined) throw new Error('no leaf')
    const input = await inputOf(plain)
    for (let i = 0; i < bytes.length; i += 5) {
      const spoilt = Uint8Array.from(bytes)
      spoilt[i] = (spoilt[i] ?? 0) ^ 0x01
      const outcome = await rejection(
        (async () => verifyCertificatePath({ ...input, leaf: parseCertificate(spoilt, 'leaf') }))(),
      )
      expect(outcome.code, `octet ${i}`).not.toBe('nothing thrown')
    }
  })
})

describe('the work on a path', () => {
  async function sameNamed(count: number): Promise<Certificate[]> {
    const certificates: Certificate[] = []
    for (let i = 0; i < count; i++) {
      const spec: CertificateSpec = {
        subject: 'CN=maze',
        issuer: 'CN=maze',
        key: 'P-384:maze',
        signer: 'P-384:maze',
        serial: (0x30 + i).toString(16),
        notBefore: new Date('2026-01-01T00:00:00Z'),
        notAfter: new Date('2027-01-01T00:00:00Z'),
        hash: 'SHA-384',
        extensions: [basicConstraints(true), keyUsage('0204')],
      }
      certificates.push(parseCertificate(await issue(spec), `maze[${i}]`))
    }
    return certificates
  }

  it('is bounded when every certificate could have issued every other', async () => {
    const [leaf, ...intermediates] = await sameNamed(8)
    if (leaf === undefined) throw new Error('no leaf')
    const input = await inputOf(plain)
    const found = await rejection(verifyCertificatePath({ ...input, leaf, intermediates }))
    expect(found).toMatchObject({ code: 'certificate/work-limit', details: { limit: 64 } })
  })

  it('is bounded in signature checks', async () => {
    const [first, ...rest] = await sameNamed(5)
    if (first === undefined) throw new Error('no leaf')
    const input = await inputOf(plain)
    const anchor = trustAnchorFromCertificate(first)
    let checks = 0
    const refusing: CryptoProvider = {
      ...webCryptoProvider,
      verify: async () => {
        checks++
        return false
      },
    }
    const leafBytes = await issue({
      subject: 'CN=out',
      issuer: 'CN=maze',
      key: 'P-384:leaf',
      signer: 'P-384:maze',
      serial: '77',
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
      hash: 'SHA-384',
      extensions: [keyUsage('0780')],
    })
    // The same name over another key, so that none of the certificates is the anchor's own.
    const root = await inputOf({ ...plain })
    const found = await rejection(
      verifyCertificatePath({
        ...input,
        leaf: parseCertificate(leafBytes, 'leaf'),
        intermediates: rest.slice(0, 3),
        trustAnchors: [{ ...anchor, publicKey: root.trustAnchors[0].publicKey, spki: root.trustAnchors[0].spki }],
        crypto: refusing,
      }),
    )
    expect(found.code).toBe('certificate/wrong-anchor-key')
    expect(checks).toBe(24)
    checks = 0
    const more = await rejection(
      verifyCertificatePath({
        ...input,
        leaf: parseCertificate(leafBytes, 'leaf'),
        intermediates: rest,
        trustAnchors: [{ ...anchor, publicKey: root.trustAnchors[0].publicKey, spki: root.trustAnchors[0].spki }],
        crypto: refusing,
      }),
    )
    expect(more).toMatchObject({ code: 'certificate/work-limit' })
    expect(checks).toBeLessThanOrEqual(32)
  })

  it('is bounded in comparisons of names with constraints', async () => {
    const hosts = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => dns(`h${i}.example`))
    const crowd = (names: number, subtrees: number): PathCase => ({
      ...plain,
      change: (world) => {
        world['ca2']?.extensions.push(nameConstraints({ permitted: [...hosts(subtrees - 1), dns('example')] }))
        world['leaf']?.extensions.push(altNames(...hosts(names)))
      },
    })
    // The subject counts as one more name.
    expect(isVerified(await verifyCertificatePath(await inputOf(crowd(31, 32))))).toBe(true)
    expect(await rejection(verifyCertificatePath(await inputOf(crowd(32, 32))))).toMatchObject({
      code: 'certificate/work-limit',
      at: 'leaf',
      details: { limit: 1024 },
    })
    const started = performance.now()
    expect((await rejection(verifyCertificatePath(await inputOf(crowd(900, 700))))).code).toBe('certificate/work-limit')
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('spends no signature check on a path that breaks a rule', async () => {
    let checks = 0
    const counting: CryptoProvider = {
      ...webCryptoProvider,
      verify: (check) => {
        checks++
        return webCryptoProvider.verify(check)
      },
    }
    const input = await inputOf({
      ...plain,
      change: (world) => {
        if (world['leaf'] !== undefined) world['leaf'].notAfter = new Date('2026-02-01T00:00:00Z')
      },
    })
    expect((await rejection(verifyCertificatePath({ ...input, crypto: counting }))).code).toBe('certificate/expired')
    expect(checks).toBe(0)
  })

  it('passes the received bytes and the issuer key to the provider, and trusts nothing it refuses', async () => {
    const seen: SignatureCheck[] = []
    const recording: CryptoProvider = {
      ...webCryptoProvider,
      verify: (check) => {
        seen.push(check)
        return webCryptoProvider.verify(check)
      },
    }
    const input = await inputOf(plain)
    const path = await verifyCertificatePath({ ...input, crypto: recording })
    expect(seen.map(({ data }) => data)).toEqual(path.certificates.map(({ tbs }) => tbs))
    expect(seen.map(({ algorithm }) => algorithm)).toEqual(Array(3).fill('ecdsa-p384-sha384'))
    for (let i = 0; i < 3; i++) {
      const refuseOne: CryptoProvider = {
        ...webCryptoProvider,
        verify: async ({ data }) => data !== path.certificates[i]?.tbs,
      }
      expect((await rejection(verifyCertificatePath({ ...input, crypto: refuseOne }))).at).toBe(
        `${['leaf', 'ca2', 'ca1'][i]}.signature`,
      )
    }
  })
})

describe('createPathCache', () => {
  const counted = (): { readonly provider: CryptoProvider; readonly count: () => number } => {
    let checks = 0
    const provider: CryptoProvider = {
      ...webCryptoProvider,
      verify: (check) => {
        checks++
        return webCryptoProvider.verify(check)
      },
    }
    return { provider, count: () => checks }
  }

  it('leaves only the leaf to check the second time', async () => {
    const { provider, count } = counted()
    const input = { ...(await inputOf(plain)), crypto: provider, cache: createPathCache() }
    await verifyCertificatePath(input)
    expect(count()).toBe(3)
    await verifyCertificatePath(input)
    expect(count()).toBe(4)
  })

  it('shares checks that are under way', async () => {
    const { provider, count } = counted()
    const input = { ...(await inputOf(plain)), crypto: provider, cache: createPathCache() }
    await Promise.all(Array.from({ length: 10 }, () => verifyCertificatePath(input)))
    expect(count()).toBe(10 + 2)
  })

  it('does not outlive the validity of what it remembers', async () => {
    const input = {
      ...(await inputOf({
        ...plain,
        change: (world) => {
          if (world['ca1'] !== undefined) world['ca1'].notAfter = new Date('2026-07-01T00:00:00Z')
        },
      })),
      cache: createPathCache(),
    }
    await verifyCertificatePath(input)
    const later = await rejection(verifyCertificatePath({ ...input, now: new Date('2026-07-01T00:00:01Z') }))
    expect(later).toMatchObject({ code: 'certificate/expired', at: 'ca1.tbs.validity.notAfter' })
  })

  it('does not carry trust from one anchor to another of the same name', async () => {
    const input = { ...(await inputOf(plain)), cache: createPathCache() }
    await verifyCertificatePath(input)
    const other = await inputOf({
      ...plain,
      change: (world) => {
        if (world['root'] !== undefined) Object.assign(world['root'], { key: 'P-384:second', signer: 'P-384:second' })
      },
    })
    const found = await rejection(verifyCertificatePath({ ...input, trustAnchors: other.trustAnchors }))
    expect(found).toMatchObject({ code: 'certificate/signature', at: 'ca1.signature' })
  })

  it('remembers no refusal, and takes no certificate for another with the same signature', async () => {
    const certificates = await build(plain)
    const input = { ...(await inputOf(plain)), cache: createPathCache() }
    const bytes = Uint8Array.from(certificates.get('ca2') ?? [])
    bytes[Buffer.from(bytes).lastIndexOf('Test')] = 0x42
    const forgedCa2 = Uint8Array.from(certificates.get('ca2') ?? [])
    // A change inside the serial number: every name still fits.
    forgedCa2[Buffer.from(forgedCa2).indexOf(Buffer.from('1003', 'hex')) + 1] = 0x04
    const forged = {
      ...input,
      intermediates: [parseCertificate(forgedCa2, 'forged'), ...input.intermediates.filter(({ at }) => at === 'ca1')],
    }
    const refused = { code: 'certificate/signature', at: 'forged.signature' }
    expect(await rejection(verifyCertificatePath(forged))).toMatchObject(refused)
    expect(input.cache.size()).toBe(1)
    await verifyCertificatePath(input)
    expect(await rejection(verifyCertificatePath(forged))).toMatchObject(refused)
    expect(input.cache.size()).toBe(2)
  })

  it('asks again after the provider failed', async () => {
    const input = { ...(await inputOf(plain)), cache: createPathCache() }
    const failing: CryptoProvider = { ...webCryptoProvider, verify: () => Promise.reject(new RangeError('gone')) }
    await expect(verifyCertificatePath({ ...input, crypto: failing })).rejects.toThrow(RangeError)
    expect(isVerified(await verifyCertificatePath(input))).toBe(true)
  })

  it('forgets the least recently used first', async () => {
    const cache = createPathCache({ maxEntries: 2 })
    const fact = (n: number): Uint8Array => new Uint8Array(40).fill(n)
    const asked: number[] = []
    const ask = (n: number): Promise<boolean> =>
      cache.signatureIsValid(fact(n), fact(0), async () => {
        asked.push(n)
        return true
      })
    for (const n of [1, 2, 1, 3, 1, 2]) await ask(n)
    expect(asked).toEqual([1, 2, 3, 2])
    expect(cache.size()).toBe(2)
  })

  it('shares key objects by exact bytes', async () => {
    const cache = createPathCache()
    const input = await inputOf(plain)
    const { publicKey, spki } = input.trustAnchors[0]
    expect(cache.sharedKey(spki, publicKey)).toBe(publicKey)
    expect(cache.sharedKey(Uint8Array.from(spki), { ...publicKey })).toBe(publicKey)
    const sameTail = Uint8Array.from(spki)
    sameTail[30] = (sameTail[30] ?? 0) ^ 1
    const other = { ...publicKey }
    expect(cache.sharedKey(sameTail, other)).toBe(other)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses %s entries', (maxEntries) => {
    expect(() => createPathCache({ maxEntries })).toThrow(TypeError)
  })
})
