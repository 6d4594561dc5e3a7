// The checks an appraisal of one device consists of; every result lists each of them once.

/** Checks of one GPU or switch, in the order in which they are shown. */
export const deviceCheckIds = [
  'certificate-path',
  'nonce',
  'report-signature',
  'firmware-binding',
  'declared-label',
  'device-revocation',
  'device-family',
  'device-listed',
  'debug-state',
  'mode',
  'switch-lock',
  'driver-manifest',
  'driver-manifest-revocation',
  'driver-manifest-binding',
  'firmware-manifest',
  'firmware-manifest-revocation',
  'firmware-manifest-binding',
  'manifest-conflict',
  'driver-measurements',
  'firmware-measurements',
  'security-versions',
  'minimum-versions',
  'required-claims',
] as const

/** One of {@link deviceCheckIds}. */
export type DeviceCheckId = (typeof deviceCheckIds)[number]

/** Checks that together say: what runs is what the manifests describe, and they count. */
export const referenceValueChecks: readonly DeviceCheckId[] = [
  'driver-manifest',
  'driver-manifest-revocation',
  'driver-manifest-binding',
  'firmware-manifest',
  'firmware-manifest-revocation',
  'firmware-manifest-binding',
  'manifest-conflict',
  'driver-measurements',
  'firmware-measurements',
  'security-versions',
]

/**
 * Checks that cannot be waived: they were passed before a verified report could exist, and without them
 * there is nothing to appraise.
 */
export const unwaivableChecks = ['certificate-path', 'nonce', 'report-signature', 'firmware-binding'] as const

/** Checks of a group of devices that claim to be one node. */
export const groupCheckIds = [
  'members',
  'device-count',
  'distinct-devices',
  'one-nonce',
  'one-mode',
  'one-driver',
  'topology',
] as const

/** One of {@link groupCheckIds}. */
export type GroupCheckId = (typeof groupCheckIds)[number]

/** Checks a policy may waive. */
export type WaivableCheckId = Exclude<DeviceCheckId, (typeof unwaivableChecks)[number]> | GroupCheckId
