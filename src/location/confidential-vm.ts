// The CPU half of a binding: a quote over challenge and device set, checked by the caller's verifier and compared here.
import { type Bytes, concatBytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { AttestationError, verifyError } from '../result/error.js'
import type { AttestedDevice } from './attested-device.js'
import { deviceSetDigest, type LocationBinding } from './binding.js'
import type { ConfidentialVmFacts, ConfidentialVmVerifier, EvidenceItem } from './evidence.js'

export interface ConfidentialVmRequest {
  readonly bracket: 'first' | 'second'
  readonly binding: LocationBinding
  readonly devices: readonly AttestedDevice[]
  readonly evidence: EvidenceItem | undefined
}

/** REPORT_DATA (SEV-SNP) or REPORTDATA (TDX): challenge, then device set. */
export async function expectedReportData(
  binding: LocationBinding,
  devices: readonly AttestedDevice[],
  crypto: CryptoProvider,
): Promise<Bytes> {
  return concatBytes(binding.challenge, await deviceSetDigest(devices, crypto))
}

/**
 * Undefined without a verifier: that is for the appraisal to weigh.
 * @throws AttestationError `location/gpu-cpu-not-bound`, `location/confidential-vm-refused`
 */
export async function verifyConfidentialVm(
  verify: ConfidentialVmVerifier | undefined,
  { bracket, binding, devices, evidence }: ConfidentialVmRequest,
  crypto: CryptoProvider,
): Promise<Omit<ConfidentialVmFacts, 'reportData'> | undefined> {
  if (verify === undefined) return undefined
  const expected = await expectedReportData(binding, devices, crypto)
  const facts = await ask(verify, { bracket, expectedReportData: expected, evidence })
  if (!equalBytes(facts.reportData, expected))
    throw verifyError('location/gpu-cpu-not-bound', `${bracket}.confidentialVm.reportData`, {
      expected: encodeHex(expected),
      actual: encodeHex(facts.reportData),
    })
  const { agentMeasurement, migratable, bootId } = facts
  // What the verifier leaves out, from plain JavaScript, must not count as good.
  if (typeof migratable !== 'boolean' || !isText(agentMeasurement) || !isText(bootId))
    throw verifyError('location/confidential-vm-refused', `${bracket}.confidentialVm`, {})
  return { agentMeasurement, migratable, bootId }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

async function ask(
  verify: ConfidentialVmVerifier,
  request: Parameters<ConfidentialVmVerifier>[0],
): Promise<ConfidentialVmFacts> {
  try {
    return await verify(request)
  } catch (cause) {
    if (cause instanceof AttestationError) throw cause
    throw verifyError('location/confidential-vm-refused', `${request.bracket}.confidentialVm`, {}, cause)
  }
}
