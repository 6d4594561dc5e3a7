// The evidence around the measurements: devices and machine before them, and the same again after them.
import { type Bytes, equalBytes } from '../bytes/bytes.js'
import { encodeHex } from '../bytes/hex.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { verifyError } from '../result/error.js'
import type { Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import type { AttestedDevice } from './attested-device.js'
import { type LocationBinding, renewBinding } from './binding.js'
import { verifyConfidentialVm } from './confidential-vm.js'
import type { ConfidentialVmVerifier, EvidenceItem, LocationEvidence } from './evidence.js'

/** A nonce of the verifier's, and the reports of all devices on the challenge that follows from it. */
export interface Bracket {
  /** 32 bytes, single use, sent to the agent at `nonceIssuedAt`. */
  readonly nonce: Bytes
  readonly nonceIssuedAt: Date
  /** All devices whose location is asked for; see `parseBundleBinding` for the challenge their reports must answer. */
  readonly devices: NonEmptyArray<Verified<AttestedDevice>>
}

/** @throws AttestationError `location/binding-mismatch` */
export function verifyChallenge(
  { challenge }: LocationBinding,
  { devices }: Bracket,
  bracket: 'first' | 'second',
): void {
  for (const [index, { request }] of devices.entries())
    if (!equalBytes(request.nonce, challenge))
      throw verifyError('location/binding-mismatch', `${bracket}.devices[${index}].request.nonce`, {
        expected: encodeHex(challenge),
        actual: encodeHex(request.nonce),
      })
}

interface MachineInput {
  readonly first: Bracket
  readonly second?: Bracket
  readonly confidentialVm?: ConfidentialVmVerifier
}

/**
 * Verifies the machine's evidence in both brackets, and that the second is of the same devices, boot and agent.
 * @throws AttestationError `location/binding-mismatch`, `location/bracket-mismatch`, and as `verifyConfidentialVm`
 */
export async function verifyMachine(
  binding: LocationBinding,
  machine: EvidenceItem | undefined,
  { first, second, confidentialVm }: MachineInput,
  crypto: CryptoProvider,
): Promise<LocationEvidence['confidentialVm']> {
  const before = await verifyConfidentialVm(
    confidentialVm,
    { bracket: 'first', binding, devices: first.devices, evidence: machine },
    crypto,
  )
  if (second === undefined) return before
  const renewed = await renewBinding(binding, second.nonce, { crypto })
  verifyChallenge(renewed, second, 'second')
  verifySameDevices(first, second)
  const after = await verifyConfidentialVm(
    confidentialVm,
    { bracket: 'second', binding: renewed, devices: second.devices, evidence: undefined },
    crypto,
  )
  if (before?.bootId !== after?.bootId) throw verifyError('location/bracket-mismatch', 'second', { what: 'boot' })
  if (before?.agentMeasurement !== after?.agentMeasurement)
    throw verifyError('location/bracket-mismatch', 'second', { what: 'agent' })
  return before === undefined || after === undefined
    ? undefined
    : { ...before, migratable: before.migratable || after.migratable }
}

function verifySameDevices(first: Bracket, second: Bracket): void {
  const names = ({ devices }: Bracket): string =>
    devices
      .map((device) => device.identity.ueid)
      .sort()
      .join(' ')
  if (names(first) !== names(second))
    throw verifyError('location/bracket-mismatch', 'second.devices', { what: 'devices' })
}
