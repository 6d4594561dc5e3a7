// Turns a signed manifest into verified reference values: path, signature, digest, content, in this order.
import type { Bytes } from '../bytes/bytes.js'
import { copyBytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { maxXmlBytes, parseXml } from '../encoding/xml.js'
import { verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import { parseCertificate } from '../x509/certificate.js'
import { describeName } from '../x509/name.js'
import { type CertificatePath, verifyCertificatePath } from '../x509/path.js'
import type { PathCache } from '../x509/path-cache.js'
import type { RevocationInput } from '../x509/revocation.js'
import type { TrustAnchor } from '../x509/trust-anchor.js'
import type { ReferenceManifest } from './reference-manifest.js'
import { readReferenceValues } from './swid.js'
import { type CarriedCertificate, parseSignedXml, verifySignedXml } from './xml-signature.js'

/** How to verify a reference manifest. */
export interface ReferenceManifestInput {
  /** Anchors for manifest signers; the certificates inside the manifest are never trusted by themselves. */
  readonly trustAnchors: NonEmptyArray<TrustAnchor>
  readonly now: Date
  readonly revocation: RevocationInput
  /** SHA-256 of the document, where a trusted source or the RIM service stated it: another document is refused. */
  readonly sha256?: Bytes
  readonly crypto?: CryptoProvider
  /** Spares the signature checks of issuers that many manifests share. */
  readonly cache?: PathCache
}

/**
 * Verifies a reference manifest in SWID form with an enveloped XML signature: certificate path to a trust anchor at
 * `now`, revocation, signature by the path's leaf, digest over the document; then reads the values from the very tree
 * that was digested. Does not check that the manifest is the one for a device; appraisal compares product and version.
 * @throws AttestationError `bytes/too-large`, `encoding/*`, `xml/*`, `manifest/*`, and those of the certificate path
 */
export async function verifyReferenceManifest(
  xml: Bytes,
  input: ReferenceManifestInput,
): Promise<Verified<ReferenceManifest>> {
  return manifestVerifier(input)(xml)
}

/**
 * As {@link verifyReferenceManifest}, for many manifests under one input that stays what it is meanwhile: what their
 * signers' paths and statuses are is found out once for all manifests that carry the same certificates.
 */
export function manifestVerifier(input: ReferenceManifestInput): (xml: Bytes) => Promise<Verified<ReferenceManifest>> {
  const { crypto = webCryptoProvider } = input
  const published = input.sha256 === undefined ? undefined : copyBytes(input.sha256)
  const signerInput = { ...input, now: new Date(input.now) }
  const signers: Signer[] = []
  const signerPath = (carried: readonly CarriedCertificate[]): Promise<Verified<CertificatePath>> => {
    const known = signers.find((one) => sameCertificates(one.carried, carried))
    if (known !== undefined) return known.path
    const path = verifySigner(carried, signerInput, crypto)
    signers.push({ carried, path })
    // Awaited below, but for a document that is refused before.
    path.catch(() => undefined)
    return path
  }
  return (xml) => verifyManifest(xml, published, signerPath, crypto)
}

interface Signer {
  readonly carried: readonly CarriedCertificate[]
  readonly path: Promise<Verified<CertificatePath>>
}

// Their places too: failures name them.
function sameCertificates(a: readonly CarriedCertificate[], b: readonly CarriedCertificate[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ der, at }, i) => at === b[i]?.at && equalBytes(der, b[i]?.der ?? new Uint8Array()))
  )
}

async function verifyManifest(
  xml: Bytes,
  published: Bytes | undefined,
  signerPath: (carried: readonly CarriedCertificate[]) => Promise<Verified<CertificatePath>>,
  crypto: CryptoProvider,
): Promise<Verified<ReferenceManifest>> {
  // Before anything is awaited; what is too large is refused as it stands.
  const received = xml.length > maxXmlBytes ? xml : copyBytes(xml)
  const digest = crypto.digest('sha256', received)
  // Taken beside everything else. If that fails nobody asks, and a rejection must not count as unhandled.
  digest.catch(() => undefined)
  const signed = parseSignedXml(parseXml(received, ''))
  // Begun now, so that it takes the caller's lists as they are; awaited after the digest, which explains more.
  const verifiedPath = signerPath(signed.certificates)
  if (published !== undefined) await requireDigest(digest, published)
  const path = await verifiedPath
  const content = await verifySignedXml(signed, path, crypto)
  const { leaf } = path
  return markVerified({
    ...readReferenceValues(content),
    signer: Object.freeze({
      subject: describeName(leaf.subject),
      serial: encodeHex(leaf.serialNumber).replace(/^00(?=.)/, ''),
      // Of its own, not the certificate's: whoever changes one must not change what the other says.
      notBefore: new Date(leaf.notBefore),
      notAfter: new Date(leaf.notAfter),
    }),
    path,
    sha256: encodeHex(await digest),
    contentDigest: encodeHex(signed.digest),
  })
}

async function requireDigest(digest: Promise<Bytes>, expected: Bytes): Promise<void> {
  const actual = await digest
  if (!equalBytes(actual, expected))
    throw verifyError('manifest/published-digest-mismatch', '', {
      expected: encodeHex(expected),
      actual: encodeHex(actual),
    })
}

// The first certificate of KeyInfo is the signer's; the path must use all the others (the anchor's own may be among them).
async function verifySigner(
  carried: readonly CarriedCertificate[],
  { trustAnchors, now, revocation, cache }: ReferenceManifestInput,
  crypto: CryptoProvider,
): Promise<Verified<CertificatePath>> {
  const [leaf, ...intermediates] = carried.map(({ der, at }) => parseCertificate(der, at))
  if (leaf === undefined) throw new TypeError('a signed document carries at least one certificate')
  const requiredKeyUsage = ['digitalSignature'] as const
  const input = { leaf, intermediates, trustAnchors, now, revocation, crypto, requiredKeyUsage }
  return verifyCertificatePath(cache === undefined ? input : { ...input, cache })
}
