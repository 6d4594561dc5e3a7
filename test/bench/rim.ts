// Bench: a reference manifest without signature and certificates, which the other figures are about.
import { equalBytes } from '../../src/bytes/bytes.js'
import { webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { canonicalizeXml } from '../../src/encoding/c14n.js'
import { parseXml } from '../../src/encoding/xml.js'
import { markVerified } from '../../src/result/proof.js'
import { readReferenceValues } from '../../src/rim/swid.js'
import { parseSignedXml } from '../../src/rim/xml-signature.js'
import { createSyntheticWorld, type ManifestEntry } from '../../src/testing/index.js'
import { asyncMicroseconds, type Row } from './measure.js'

/** Every index a measurement can have. */
const measurements = 64

export async function benchManifests(): Promise<readonly Row[]> {
  const world = createSyntheticWorld({ seed: 'bench manifests' })
  const active = (entry: ManifestEntry): ManifestEntry => ({
    ...entry,
    active: true,
    alternatives: [world.bytes(`value ${entry.index}`, 48)],
  })
  const { bytes } = world.driverManifest(world.hopper(), { entries: (all) => all.map(active) })
  const read = async (): Promise<void> => {
    // In the order of verifyReferenceManifest.
    const document = webCryptoProvider.digest('sha256', bytes)
    const signed = parseSignedXml(parseXml(bytes, ''))
    const content = webCryptoProvider.digest('sha384', canonicalizeXml(signed.content))
    const [digest] = await Promise.all([content, document])
    // In place of the signature, which is left out.
    if (!equalBytes(digest, signed.digest)) throw new Error('bench manifest does not have its digest')
    const values = readReferenceValues(markVerified({ root: signed.content }))
    if (values.measurements.length !== measurements) throw new Error('bench manifest lacks measurements')
  }
  const size = `${measurements} measurements, ${(bytes.length / 1000).toFixed(0)} KB`
  return [
    {
      what: `manifest (${size}): read, canonical form, digests, values`,
      value: (await asyncMicroseconds(read)) / 1000,
      target: 1,
      bound: 'at most',
      unit: 'ms',
    },
  ]
}
