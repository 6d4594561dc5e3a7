// Failures of appraisal: genuine evidence that does not satisfy reference values or policy, and of reading policies.
import type { FailureGuide, None } from './table.js'

export interface AppraisalFailures {
  readonly parse: {
    readonly 'policy/malformed': { readonly expected: string }
    readonly 'policy/unknown-field': { readonly field: string }
    readonly 'policy/unknown-check': { readonly check: string }
    readonly 'policy/waiver-without-reason': { readonly check: string }
    readonly 'policy/unwaivable-check': { readonly check: string }
    readonly 'policy/duplicate-waiver': { readonly check: string }
    readonly 'policy/version-unsupported': { readonly version: string }
  }
  readonly verify: None
  readonly appraise: {
    readonly 'check/not-done': { readonly check: string }
    readonly 'device/family-not-allowed': { readonly family: string; readonly allowed: readonly string[] }
    readonly 'device/not-listed': { readonly ueid: string }
    readonly 'device/mode-not-allowed': { readonly mode: string; readonly allowed: readonly string[] }
    readonly 'device/mode-unstated': None
    readonly 'device/mode-contradiction': { readonly featureFlag: string; readonly protectedPcie: string }
    readonly 'device/debug-certificate': { readonly flags: readonly string[] }
    readonly 'device/unlocked': None
    readonly 'device/version-too-old': { readonly actual: string; readonly minimum: string }
    readonly 'manifest/missing': { readonly kind: string; readonly expectedId: string }
    readonly 'manifest/ambiguous': { readonly kind: string; readonly count: number }
    readonly 'manifest/outside-validity': {
      readonly subject: string
      readonly notBefore: Date
      readonly notAfter: Date
      readonly appraisedAt: Date
    }
    readonly 'manifest/product-mismatch': { readonly product: string; readonly expected: string }
    readonly 'manifest/version-mismatch': { readonly manifest: string; readonly report: string }
    readonly 'manifest/no-active-measurements': { readonly kind: string }
    readonly 'manifest/index-conflict': { readonly index: number }
    readonly 'manifest/record-conflict': { readonly fieldId: number; readonly name: string }
    readonly 'rim/measurement-mismatch': MeasurementMismatch
    readonly 'rim/other-configuration': ConfigurationMismatch
    readonly 'rim/measurement-missing': { readonly index: number; readonly source: string }
    readonly 'rim/measurement-size': {
      readonly index: number
      readonly expectedBytes: number
      readonly actualBytes: number
    }
    readonly 'rim/nvdec-status-missing': None
    readonly 'rim/security-version-too-low': {
      readonly name: string
      readonly minimum: number
      readonly actual: number
    }
    readonly 'rim/security-version-missing': { readonly name: string; readonly fieldId: number }
    readonly 'claims/policy-mismatch': { readonly claim: string; readonly expected: string; readonly actual: string }
    readonly 'revocation/not-shown': { readonly status: string; readonly subject: string }
    readonly 'group/duplicate-device': { readonly ueid: string; readonly first: string }
    readonly 'group/device-count': { readonly kind: string; readonly expected: number; readonly actual: number }
    readonly 'group/nonce-differs': None
    readonly 'group/mode-differs': { readonly mode: string; readonly first: string }
    readonly 'group/version-differs': { readonly version: string; readonly first: string }
    readonly 'group/member-failed': { readonly label: string; readonly code: string }
    readonly 'topology/switches-unexpected': { readonly count: number }
    readonly 'topology/switch-sets-differ': None
    readonly 'topology/switch-not-seen': { readonly pdi: string }
    readonly 'topology/switch-not-attested': { readonly pdi: string }
    readonly 'topology/gpu-sets-differ': None
    readonly 'topology/gpu-not-seen': { readonly pdi: string }
    readonly 'topology/gpu-not-attested': { readonly pdi: string }
    readonly 'topology/pdi-mismatch': { readonly reported: string; readonly certified: string }
  }
  readonly collect: None
}

/** One index whose value equals none of the manifest's alternatives. */
interface DifferingValue {
  readonly index: number
  readonly source: 'driver' | 'firmware'
  /** Lowercase hex. */
  readonly actual: string
  readonly alternatives: readonly string[]
  /** Manifests are re-issued under one id: the issue compared with is named by its signing certificate. */
  readonly signedBy: string
  readonly signerNotBefore: string
}

/** One of few differing values, or any of a firmware manifest's. */
export interface MeasurementMismatch extends DifferingValue {
  /** True where less than half of the manifest's values differ, as between issues of one manifest. */
  readonly newerIssuePossible: boolean
}

/** One of many differing values of a driver manifest: half or more of those compared. */
export interface ConfigurationMismatch extends DifferingValue {
  /** How many of the values compared the report does not match. */
  readonly differing: number
  readonly compared: number
}

const reviewOrStop = 'Do not admit the device under this policy; if the device is right, change the policy knowingly.'

export const appraisalGuide: FailureGuide<AppraisalFailures> = {
  parse: {
    'policy/malformed': {
      meaning: 'A policy field has the wrong type or value.',
      action: 'fix-input',
      next: 'Correct the field named by `at`; docs/policy.md lists every field.',
    },
    'policy/unknown-field': {
      meaning: 'A policy has a field this version does not know; ignoring it could loosen the policy.',
      action: 'fix-input',
      next: 'Correct the spelling or remove the field.',
    },
    'policy/unknown-check': {
      meaning: 'A waiver names a check that does not exist.',
      action: 'fix-input',
      next: 'Use a check id from docs/policy.md.',
    },
    'policy/waiver-without-reason': {
      meaning: 'A waiver gives no reason.',
      action: 'fix-input',
      next: 'Write down why this check may be waived; the reason appears in every result.',
    },
    'policy/unwaivable-check': {
      meaning: 'A waiver names a check without which there is nothing to appraise.',
      action: 'fix-input',
      next: 'Remove the waiver; this check always counts.',
    },
    'policy/duplicate-waiver': {
      meaning: 'Two waivers name the same check.',
      action: 'fix-input',
      next: 'Keep one waiver per check.',
    },
    'policy/version-unsupported': {
      meaning: 'The policy is of a version this library does not read.',
      action: 'fix-input',
      next: 'Convert the policy to a supported version.',
    },
  },
  verify: {},
  appraise: {
    'check/not-done': {
      meaning: 'A check was not reached or lacked its input.',
      action: 'collect-again',
      next: 'Fix the earlier failure, or supply what the check needs.',
    },
    'device/family-not-allowed': {
      meaning: 'The device belongs to a family the policy does not allow.',
      action: 'review-policy',
      next: reviewOrStop,
    },
    'device/not-listed': {
      meaning: 'The device is genuine but not on the policy’s list of devices.',
      action: 'stop',
      next: 'Find out why another device answered; add its ueid to the policy only if it belongs there.',
    },
    'device/mode-not-allowed': {
      meaning: 'The device runs in a mode the policy does not allow.',
      action: 'review-policy',
      next: 'Start the device in an allowed mode, or allow this one.',
    },
    'device/mode-unstated': {
      meaning: 'The report does not say in which mode the device runs.',
      action: 'review-policy',
      next: 'Update the driver, or accept unstated modes in the policy.',
    },
    'device/mode-contradiction': {
      meaning: 'Two fields of the report contradict each other about the mode.',
      action: 'stop',
      next: 'Do not trust the device; keep the evidence.',
    },
    'device/debug-certificate': {
      meaning: 'The device certificate carries flags of a debug, recovery, unconfigured or insecure state.',
      action: 'stop',
      next: 'Do not trust the device; production devices carry none of these flags.',
    },
    'device/unlocked': {
      meaning: 'The switch reports that it is not locked.',
      action: 'stop',
      next: 'Restart the node in Protected PCIe mode and collect evidence again.',
    },
    'device/version-too-old': {
      meaning: 'A driver or firmware version is older than the policy’s minimum.',
      action: 'review-policy',
      next: 'Update the driver or firmware.',
    },
    'manifest/missing': {
      meaning: 'No verified reference manifest of this kind was given.',
      action: 'collect-again',
      next: 'Fetch the manifest with the id named in the details.',
    },
    'manifest/ambiguous': {
      meaning:
        'Several manifests fit this device, their signer certificates began at the same instant and they differ: which one counts would be the choice of whoever supplied them.',
      action: 'fix-input',
      next: 'Give only the manifest published under the id derived from this report.',
    },
    'manifest/outside-validity': {
      meaning:
        'The manifest was verified at another time than the report, and its certificates are not valid at the time of the report.',
      action: 'collect-again',
      next: 'Verify manifest and report at one time; fetch the current issue of the manifest if its signer has expired.',
    },
    'manifest/product-mismatch': {
      meaning: 'The manifest describes another product than the one that signed the report.',
      action: 'collect-again',
      next: 'Fetch the manifest with the id derived from this report.',
    },
    'manifest/version-mismatch': {
      meaning: 'The manifest describes another version than the report states.',
      action: 'collect-again',
      next: 'Fetch the manifest with the id derived from this report.',
    },
    'manifest/no-active-measurements': {
      meaning: 'The manifest has no active measurement, so it would vouch for anything.',
      action: 'collect-again',
      next: 'Fetch the manifest again; a genuine one has active measurements.',
    },
    'manifest/index-conflict': {
      meaning: 'Both manifests claim the same measurement index.',
      action: 'collect-again',
      next: 'Fetch both manifests again and check that they belong to this device.',
    },
    'manifest/record-conflict': {
      meaning: 'Both manifests carry a record for the same opaque field or name.',
      action: 'collect-again',
      next: 'Fetch both manifests again and check that they belong to this device.',
    },
    'rim/measurement-mismatch': {
      meaning: 'A measured value equals none of the values the manifest allows.',
      action: 'stop',
      next: 'Do not trust the device. If the manifest may be an older issue, fetch it again.',
    },
    'rim/other-configuration': {
      meaning:
        'Half or more of the driver manifest’s values differ: the device does not run the configuration the manifest describes, which is the stated driver in confidential-computing mode.',
      action: 'stop',
      next: 'Do not trust the device with confidential work. Expected of a GPU outside that mode, or in its developer mode: turn the mode on, restart the GPU and collect evidence again. If the mode was on, other software runs under the stated driver version.',
    },
    'rim/measurement-missing': {
      meaning: 'The manifest has a value for an index the report does not measure.',
      action: 'stop',
      next: 'Do not trust the device; check that manifest and device belong together.',
    },
    'rim/measurement-size': {
      meaning: 'A measured value has another length than the manifest states.',
      action: 'stop',
      next: 'Do not trust the device; check that manifest and device belong together.',
    },
    'rim/nvdec-status-missing': {
      meaning: 'The report does not say whether the video decoder is enabled, which decides whether index 35 counts.',
      action: 'stop',
      next: 'Collect evidence again with a current driver.',
    },
    'rim/security-version-too-low': {
      meaning: 'A security version number is below the manifest’s minimum.',
      action: 'stop',
      next: 'Update the firmware.',
    },
    'rim/security-version-missing': {
      meaning: 'The manifest demands a security version number that the report does not state in the right form.',
      action: 'stop',
      next: 'Update driver and firmware, then collect evidence again.',
    },
    'claims/policy-mismatch': {
      meaning: 'A claim does not have the value that the relying party’s policy demands.',
      action: 'review-policy',
      next: 'Compare the claim with the policy.',
    },
    'revocation/not-shown': {
      meaning: 'It was not shown that a certificate is unrevoked.',
      action: 'collect-again',
      next: 'Collect a fresh OCSP response or revocation list for the certificate named in the details.',
    },
    'group/duplicate-device': {
      meaning: 'One device answers for two members of the group.',
      action: 'stop',
      next: 'Find out which device is missing; do not count this one twice.',
    },
    'group/device-count': {
      meaning: 'The group has another number of devices than the policy expects.',
      action: 'stop',
      next: 'Collect evidence from every device of the node at once.',
    },
    'group/nonce-differs': {
      meaning: 'The members of the group answered different nonces.',
      action: 'collect-again',
      next: 'Collect evidence from every device with one nonce.',
    },
    'group/mode-differs': {
      meaning: 'The members of the group run in different modes.',
      action: 'stop',
      next: 'Restart the node in one mode and collect evidence again.',
    },
    'group/version-differs': {
      meaning: 'The members of the group run different driver versions.',
      action: 'stop',
      next: 'Check that all devices belong to one machine.',
    },
    'group/member-failed': {
      meaning: 'A member of the group failed on its own.',
      action: 'stop',
      next: 'Look at the result of that member.',
    },
    'topology/switches-unexpected': {
      meaning: 'Switch evidence was given for a mode that has none.',
      action: 'fix-input',
      next: 'Appraise the switches with the node they belong to.',
    },
    'topology/switch-sets-differ': {
      meaning: 'The GPUs of the node see different switches.',
      action: 'stop',
      next: 'Check that all GPUs belong to one node.',
    },
    'topology/switch-not-seen': {
      meaning: 'An attested switch is not connected to the GPUs.',
      action: 'stop',
      next: 'Check that the switch belongs to this node.',
    },
    'topology/switch-not-attested': {
      meaning: 'The GPUs are connected to a switch that did not attest.',
      action: 'stop',
      next: 'Collect evidence from every switch of the node.',
    },
    'topology/gpu-sets-differ': {
      meaning: 'The switches of the node see different GPUs.',
      action: 'stop',
      next: 'Check that all switches belong to one node.',
    },
    'topology/gpu-not-seen': {
      meaning: 'An attested GPU is not connected to the switches.',
      action: 'stop',
      next: 'Check that the GPU belongs to this node.',
    },
    'topology/gpu-not-attested': {
      meaning: 'The switches are connected to a GPU that did not attest.',
      action: 'stop',
      next: 'Collect evidence from every GPU of the node.',
    },
    'topology/pdi-mismatch': {
      meaning: 'The identifier a device reports differs from the one its certificate carries.',
      action: 'stop',
      next: 'Do not trust the device; keep the evidence.',
    },
  },
  collect: {},
}
