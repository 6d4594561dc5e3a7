// The certificates of a device to a verified path of the one shape device chains have.
import type { CryptoProvider } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import type { Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import type { Certificate } from '../x509/certificate.js'
import { describeName, sameName } from '../x509/name.js'
import { type CertificatePath, verifyCertificatePath } from '../x509/path.js'
import type { PathCache } from '../x509/path-cache.js'
import type { RevocationInput } from '../x509/revocation.js'
import type { TrustAnchor } from '../x509/trust-anchor.js'
import { devicePathLength } from './device-identity.js'

/** How to verify a device chain. */
export interface DevicePathInput {
  /** Leaf first, root last: five certificates. */
  readonly certificates: NonEmptyArray<Certificate>
  readonly trustAnchors: NonEmptyArray<TrustAnchor>
  readonly now: Date
  readonly revocation: RevocationInput
  readonly crypto?: CryptoProvider
  readonly cache?: PathCache
}

/**
 * Verifies a device chain as containers carry it: everything `verifyCertificatePath` checks, and that the chain is
 * complete, in order, and has nothing besides. Whether it is the chain of a GPU or a switch is for the report to tell.
 * @throws AttestationError `evidence/chain-length`, `evidence/chain-order`, and those of `verifyCertificatePath`
 */
export async function verifyDevicePath(input: DevicePathInput): Promise<Verified<CertificatePath>> {
  const { certificates, ...rest } = input
  requireOrder(certificates)
  const [leaf, ...intermediates] = certificates
  const path = await verifyCertificatePath({ leaf, intermediates, ...rest })
  // Afterwards, because what makes a path invalid says more than what makes its file incomplete.
  if (certificates.length !== devicePathLength + 1)
    throw verifyError('evidence/chain-length', leaf.at, {
      expected: devicePathLength + 1,
      actual: certificates.length,
    })
  return path
}

/** Refuses certificates that make one chain, but in another order; whatever else is wrong, path validation names better. */
function requireOrder(certificates: readonly Certificate[]): void {
  const ordered = orderByIssuance(certificates)
  const stray = certificates.find((one, i) => ordered.length === certificates.length && ordered[i] !== one)
  if (stray !== undefined) throw verifyError('evidence/chain-order', stray.at, { subject: describeName(stray.subject) })
}

/** From the one certificate that issued no other, up as far as names lead. */
function orderByIssuance(certificates: readonly Certificate[]): readonly Certificate[] {
  const leaves = certificates.filter(
    (one) => !certificates.some((other) => other !== one && sameName(other.issuer, one.subject)),
  )
  const ordered: Certificate[] = []
  let current = leaves.length === 1 ? leaves[0] : undefined
  while (current !== undefined) {
    ordered.push(current)
    const { issuer }: Certificate = current
    current = certificates.find((one) => !ordered.includes(one) && sameName(one.subject, issuer))
  }
  return ordered
}
