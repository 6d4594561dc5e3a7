// The fixtures on disk are what the testing kit makes, byte for byte, and every case gets the verdict written for it.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { buildFixtures } from '../fixtures/files.js'
import type { CaseDescription } from '../fixtures/plan.js'
import { strictPolicy } from '../src/appraise/policy.js'
import { parseHex } from '../src/bytes/hex.js'
import { parsePem } from '../src/encoding/pem.js'
import { parseEvidence } from '../src/nvidia/evidence.js'
import type { Failure } from '../src/result/failure.js'
import { createVerifier } from '../src/verifier.js'
import { parseCertificate } from '../src/x509/certificate.js'
import { parseOcspResponse } from '../src/x509/ocsp.js'
import { type TrustAnchor, trustAnchorFromCertificate } from '../src/x509/trust-anchor.js'

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../fixtures')
const { cases, files } = buildFixtures()

function listFiles(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listFiles(join(path, entry.name)) : [relative(folder, join(path, entry.name))],
  )
}

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, path)))
}

describe('files', () => {
  it('are those the builder makes, and no others', () => {
    const onDisk = listFiles(folder).filter((path) => !path.endsWith('.ts'))
    expect([...onDisk].sort()).toEqual([...files.keys()].sort())
  })

  it.each([...files])('%s holds the bytes the builder makes', (path, content) => {
    expect(Buffer.compare(readFileSync(join(folder, path)), Buffer.from(content))).toBe(0)
  })
})

function anchor(path: string): TrustAnchor {
  const [block] = parsePem(readFileSync(join(folder, path), 'utf8'), path)
  if (block === undefined) throw new Error(`no certificate in ${path}`)
  return trustAnchorFromCertificate(parseCertificate(block.bytes))
}

/** What the result says, in the words of `case.json`. */
interface Judged {
  readonly authentic: boolean
  readonly verdict: 'pass' | 'fail'
  readonly failures: readonly Failure[]
}

async function judge(fixture: CaseDescription): Promise<Judged> {
  const verifier = createVerifier({
    trustAnchors: {
      device: [anchor(fixture.trustAnchors.device)],
      manifest: [anchor(fixture.trustAnchors.manifest)],
    },
    policy: strictPolicy,
  })
  const evidence = parseEvidence(read(fixture.evidence))
  const context = {
    nonce: parseHex(fixture.nonceHex, 'nonceHex'),
    now: new Date(fixture.now),
    collateral: {
      manifests: fixture.manifests.map(read),
      ocspResponses: fixture.ocspResponses.map((path) => parseOcspResponse(read(path), path)),
      crls: [],
    },
  }
  if (fixture.node !== undefined) {
    const { verdict, failures, members } = await verifier.appraiseNode(evidence, { ...context, expected: fixture.node })
    return { authentic: members.every((member) => member.authentic), verdict, failures }
  }
  const [only, ...others] = evidence
  if (only === undefined || others.length > 0) throw new Error('a case without `node` holds one device')
  return verifier.appraise(only, context)
}

describe('verdicts', () => {
  it('cover passes and failures of every kind', () => {
    const outcomes = new Set(cases.map(({ description: { expected } }) => `${expected.authentic} ${expected.verdict}`))
    expect(outcomes).toEqual(new Set(['true pass', 'true fail', 'false fail']))
  })

  it.each(cases.map(({ name }) => name))('%s', async (name) => {
    const fixture: CaseDescription = JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8'))
    const { verdict, authentic, failures } = await judge(fixture)
    const [first] = failures
    const { expected } = fixture
    expect({ authentic, verdict, code: first?.code, at: first?.at }).toEqual({
      authentic: expected.authentic,
      verdict: expected.verdict,
      code: expected.code,
      at: expected.at ?? first?.at,
    })
  })
})
