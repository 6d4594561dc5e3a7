// A program for any runtime: judges fixtures handed over as JSON in a global, answers with what it found.
import {
  createVerifier,
  parseCertificates,
  parseEvidence,
  parseOcspResponse,
  strictPolicy,
  trustAnchorFromCertificate,
} from '../../src/index.js'

export interface RuntimeCase {
  readonly name: string
  readonly evidence: string
  readonly devicePem: string
  readonly manifestPem: string
  readonly manifests: readonly string[]
  readonly ocspResponses: readonly string[]
  readonly nonceHex: string
  readonly now: string
}

export interface RuntimeAnswer {
  readonly name: string
  readonly verdict: string
  readonly authentic: boolean
  readonly code: string | undefined
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

async function judgeOne(one: RuntimeCase): Promise<RuntimeAnswer> {
  const anchor = (pem: string): ReturnType<typeof trustAnchorFromCertificate> => {
    const [certificate] = parseCertificates(pem)
    if (certificate === undefined) throw new Error('no anchor')
    return trustAnchorFromCertificate(certificate)
  }
  const trustAnchors = { device: [anchor(one.devicePem)], manifest: [anchor(one.manifestPem)] } as const
  const verifier = createVerifier({ trustAnchors, policy: strictPolicy })
  const [evidence] = parseEvidence(fromHex(one.evidence))
  if (evidence === undefined) throw new Error('no evidence')
  const result = await verifier.appraise(evidence, {
    nonce: fromHex(one.nonceHex),
    now: new Date(one.now),
    collateral: {
      manifests: one.manifests.map(fromHex),
      ocspResponses: one.ocspResponses.map((der) => parseOcspResponse(fromHex(der))),
      crls: [],
    },
  })
  return { name: one.name, verdict: result.verdict, authentic: result.authentic, code: result.failures[0]?.code }
}

/** Judges every case in turn. */
export async function judge(cases: readonly RuntimeCase[]): Promise<readonly RuntimeAnswer[]> {
  const answers: RuntimeAnswer[] = []
  for (const one of cases) answers.push(await judgeOne(one))
  return answers
}
