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
  // Before anything is awaited; what is too large is refused as it stands.
  const { trustAnchors, revocation, cache, crypto = webCryptoProvider } = input
  const published = input.sha256 === undefined ? undefined : copyBytes(input.sha256)
  const received = xml.length > maxXmlBytes ? xml : copyBytes(xml)
  const digest = crypto.digest('sha256', received)
  // Taken beside everything else. If that fails nobody asks, and a rejection must not count as unhandled.
  digest.catch(() => undefined)
  const signed = parseSignedXml(parseXml(received, ''))
  const now = new Date(input.now)
  if (published !== undefined) await requireDigest(digest, published)
  const path = await verifySigner(signed.certificates, { trustAnchors, revocation, cache, now }, crypto)
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

type SignerInput = Pick<ReferenceManifestInput, 'trustAnchors' | 'now' | 'revocation'> & {
  readonly cache: PathCache | undefined
}

// The first certificate of KeyInfo is the signer's; the path must use all the others (the anchor's own may be among them).
function verifySigner(
  carried: readonly CarriedCertificate[],
  { trustAnchors, now, revocation, cache }: SignerInput,
  crypto: CryptoProvider,
): Promise<Verified<CertificatePath>> {
  const [leaf, ...intermediates] = carried.map(({ der, at }) => parseCertificate(der, at))
  if (leaf === undefined) throw new TypeError('a signed document carries at least one certificate')
  const requiredKeyUsage = ['digitalSignature'] as const
  const input = { leaf, intermediates, trustAnchors, now, revocation, crypto, requiredKeyUsage }
  return verifyCertificatePath(cache === undefined ? input : { ...input, cache })
}
