// Reads one bundled fixture: evidence, collateral, anchors, and the verdict it must get.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Collateral,
  type NodeExpectation,
  parseCertificates,
  parseOcspResponse,
  trustAnchorFromCertificate,
  type VerifierTrustAnchors,
} from '../../../src/index.js'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'fixtures')

/** The members of case.json that the demo reads. */
interface CaseFile {
  readonly description: string
  readonly now: string
  readonly nonceHex: string
  readonly trustAnchors: { readonly device: string; readonly manifest: string }
  readonly evidence: string
  readonly manifests: readonly string[]
  readonly ocspResponses: readonly string[]
  readonly node?: NodeExpectation
  readonly expected: { readonly verdict: 'pass' | 'fail'; readonly code?: string }
}

export interface DemoCase {
  readonly description: string
  readonly now: Date
  readonly nonce: Uint8Array
  readonly trustAnchors: VerifierTrustAnchors
  readonly evidence: Uint8Array
  readonly collateral: Collateral
  readonly node: NodeExpectation | undefined
  readonly expected: CaseFile['expected']
}

export function readCase(name: string): DemoCase {
  const file: CaseFile = JSON.parse(readFileSync(join(fixtures, name, 'case.json'), 'utf8'))
  return {
    description: file.description,
    now: new Date(file.now),
    nonce: new Uint8Array(Buffer.from(file.nonceHex, 'hex')),
    trustAnchors: {
      device: [readAnchor(file.trustAnchors.device)],
      manifest: [readAnchor(file.trustAnchors.manifest)],
    },
    evidence: read(file.evidence),
    collateral: {
      manifests: file.manifests.map(read),
      ocspResponses: file.ocspResponses.map((path) => parseOcspResponse(read(path), path)),
      crls: [],
    },
    node: file.node,
    expected: file.expected,
  }
}

function read(path: string): Uint8Array {
  return readFileSync(join(fixtures, path))
}

function readAnchor(path: string): ReturnType<typeof trustAnchorFromCertificate> {
  const [certificate] = parseCertificates(new TextDecoder().decode(read(path)), path)
  if (certificate === undefined) throw new Error(`${path} holds no certificate`)
  return trustAnchorFromCertificate(certificate)
}
