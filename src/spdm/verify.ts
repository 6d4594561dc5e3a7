// A measurement transcript and a key to the statement that the key signed it, DSP0274 1.1 section 10.11.2.
import type { CryptoProvider, PublicKey, SignatureAlgorithm } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { verifyError } from '../result/error.js'
import type { MeasurementTranscript } from './transcript.js'

/**
 * Checks the signature over the received request and response. Does NOT check whose key it is, the nonce, or trailing
 * bytes.
 * @throws AttestationError `spdm/signature`
 */
export async function verifyTranscriptSignature(
  transcript: MeasurementTranscript,
  signer: { readonly key: PublicKey; readonly algorithm: SignatureAlgorithm; readonly crypto?: CryptoProvider },
): Promise<void> {
  const { key, algorithm, crypto = webCryptoProvider } = signer
  const { signature, signed } = transcript
  const valid = await crypto.verify({ algorithm, key, signature, data: signed })
  if (valid !== true) throw verifyError('spdm/signature', 'signature', { algorithm })
}
