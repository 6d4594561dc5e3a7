// Failures of attestation evidence: SPDM messages, opaque data, containers, and what binds a report to its device.
import type { FailureGuide, None } from './table.js'

interface OpaqueField {
  /** Number of the opaque data field. */
  readonly id: number
}

export interface EvidenceFailures {
  readonly parse: {
    readonly 'spdm/version': { readonly expected: number; readonly actual: number }
    readonly 'spdm/message-code': { readonly expected: number; readonly actual: number }
    readonly 'spdm/unsigned': None
    readonly 'spdm/reserved': { readonly value: number }
    readonly 'spdm/partial-measurements': { readonly operation: number }
    readonly 'spdm/slot-mismatch': { readonly requested: number; readonly answered: number }
    readonly 'spdm/no-measurements': None
    readonly 'spdm/block-count': { readonly announced: number; readonly spareBytes: number }
    readonly 'spdm/measurement-index': { readonly index: number }
    readonly 'spdm/measurement-duplicate': { readonly index: number }
    readonly 'spdm/measurement-specification': { readonly actual: number }
    readonly 'spdm/measurement-size': { readonly bodySize: number; readonly valueSize: number }
    readonly 'opaque/profile': { readonly profile: number }
    readonly 'opaque/version': { readonly supported: number; readonly actual: number }
    readonly 'opaque/padding': { readonly value: number }
    readonly 'opaque/legacy-version': { readonly supported: number; readonly actual: number }
    readonly 'opaque/duplicate-field': OpaqueField
    readonly 'opaque/field-length': OpaqueField & { readonly expected: string; readonly actual: number }
    readonly 'opaque/field-value': OpaqueField & { readonly value: string }
    readonly 'opaque/field-value-type': OpaqueField & { readonly expected: number; readonly actual: number }
    readonly 'opaque/field-text': OpaqueField & { readonly text: string }
    readonly 'opaque/field-padding': OpaqueField
    readonly 'evidence/format': None
    readonly 'evidence/container': { readonly found: readonly string[] }
    readonly 'evidence/profile': { readonly expected: string; readonly actual: string }
    readonly 'evidence/media-type': { readonly expected: string; readonly actual: string }
    readonly 'evidence/empty': None
    readonly 'evidence/too-many-items': { readonly limit: number; readonly actual: number }
    readonly 'evidence/no-certificates': None
    readonly 'evidence/certificate-format': None
    readonly 'evidence/too-many-certificates': { readonly limit: number }
    readonly 'evidence/unknown-device': { readonly subject: string }
    readonly 'evidence/not-attestable': { readonly label: string }
    readonly 'evidence/no-report': None
  }
  readonly verify: {
    readonly 'spdm/signature': { readonly algorithm: string }
    readonly 'evidence/nonce-length': { readonly expected: number; readonly actual: number }
    readonly 'evidence/nonce-mismatch': { readonly expected: string; readonly actual: string }
    readonly 'evidence/declared-nonce-mismatch': { readonly declared: string; readonly actual: string }
    readonly 'evidence/trailing-bytes': { readonly extra: number }
    readonly 'evidence/architecture-mismatch': { readonly declared: string; readonly actual: string }
    readonly 'evidence/fwid-mismatch': { readonly report: string; readonly certificate: string }
    readonly 'evidence/fwid-missing': { readonly driverVersion: string }
    readonly 'evidence/chain-length': { readonly expected: number; readonly actual: number }
    readonly 'evidence/chain-order': { readonly subject: string }
    readonly 'device/path-length': { readonly expected: number; readonly actual: number }
    readonly 'device/unknown-name': { readonly commonName: string }
    readonly 'device/role': { readonly expected: string; readonly actual: string }
    readonly 'device/responder': { readonly family: string; readonly responder: string }
    readonly 'device/name-mismatch': { readonly leaf: string; readonly brom: string }
    readonly 'device/no-device-info': None
    readonly 'device/info-mismatch': { readonly expected: string; readonly actual: string }
    readonly 'device/pdi': { readonly expectedPrefix: string; readonly serialNumber: string }
    readonly 'device/kind': { readonly report: string; readonly certificate: string }
    readonly 'device/key-usage': None
    readonly 'device/key-algorithm': { readonly oid: string }
    readonly 'device/no-fwid': None
    readonly 'device/issuer-key-mismatch': None
  }
  readonly appraise: None
  readonly collect: None
}

export const evidenceGuide: FailureGuide<EvidenceFailures> = {
  parse: {
    'spdm/version': {
      meaning: 'The message is not of SPDM version 1.1.',
      action: 'fix-input',
      next: 'Check that the bytes are a GPU or switch attestation report from its first byte on.',
    },
    'spdm/message-code': {
      meaning: 'The message is not the request or response that belongs in this place.',
      action: 'fix-input',
      next: 'Pass the GET_MEASUREMENTS request directly followed by the MEASUREMENTS response.',
    },
    'spdm/unsigned': {
      meaning: 'The request asked for measurements without a signature.',
      action: 'collect-again',
      next: 'Collect the report again with a signature requested.',
    },
    'spdm/reserved': {
      meaning: 'Bits that SPDM 1.1 reserves are set.',
      action: 'fix-input',
      next: 'Export the report again; if this repeats, the device speaks a protocol version this library does not read.',
    },
    'spdm/partial-measurements': {
      meaning: 'The request asked for one measurement, not for all of them.',
      action: 'collect-again',
      next: 'Collect the report again for all measurement blocks.',
    },
    'spdm/slot-mismatch': {
      meaning: 'The device answered with another certificate slot than the one asked for.',
      action: 'collect-again',
      next: 'Collect the report again; request and response do not belong together.',
    },
    'spdm/no-measurements': {
      meaning: 'The response announces no measurement at all.',
      action: 'collect-again',
      next: 'Collect the report again; if this repeats, update the driver.',
    },
    'spdm/block-count': {
      meaning: 'The measurement record continues after the number of blocks it announces.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'spdm/measurement-index': {
      meaning: 'A measurement block has an index that SPDM reserves.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'spdm/measurement-duplicate': {
      meaning: 'Two measurement blocks have the same index, so one of them would go unchecked.',
      action: 'stop',
      next: 'Do not trust the report; find out who assembled it.',
    },
    'spdm/measurement-specification': {
      meaning: 'A measurement block is not of the DMTF form.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'spdm/measurement-size': {
      meaning: 'A measurement value does not fill its block exactly.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'opaque/profile': {
      meaning: 'The opaque data follows a profile this library does not know.',
      action: 'fix-input',
      next: 'Update this library; the driver is newer than it.',
    },
    'opaque/version': {
      meaning: 'The opaque data has a major version this library does not know.',
      action: 'fix-input',
      next: 'Update this library; the driver is newer than it.',
    },
    'opaque/padding': {
      meaning: 'The padding in the header of the opaque data is not zero.',
      action: 'fix-input',
      next: 'Export the report again; if this repeats, update this library.',
    },
    'opaque/legacy-version': {
      meaning: 'Field 34 of opaque data without a header states a version this library does not know.',
      action: 'fix-input',
      next: 'Update this library; the driver is newer than it.',
    },
    'opaque/duplicate-field': {
      meaning: 'An opaque data field appears twice, so that readers could disagree on its value.',
      action: 'stop',
      next: 'Do not trust the report; find out who assembled it.',
    },
    'opaque/field-length': {
      meaning: 'An opaque data field does not have the length its meaning asks for.',
      action: 'fix-input',
      next: 'Check that a GPU report is read as one and a switch report as one; else export it again.',
    },
    'opaque/field-value': {
      meaning: 'An opaque data field holds a value that has no known meaning.',
      action: 'fix-input',
      next: 'Update this library if the driver is newer than it; else export the report again.',
    },
    'opaque/field-value-type': {
      meaning: 'An opaque data field is marked as another kind of value than its number stands for.',
      action: 'fix-input',
      next: 'Update this library if the driver is newer than it; else export the report again.',
    },
    'opaque/field-text': {
      meaning: 'A version or product name in the opaque data has a character that no such name contains.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'opaque/field-padding': {
      meaning: 'A text in the opaque data continues after its terminating zero byte.',
      action: 'fix-input',
      next: 'Export the report again; it was damaged.',
    },
    'evidence/format': {
      meaning: 'The input is neither JSON nor a report, in bytes or hexadecimal, followed by PEM certificates.',
      action: 'fix-input',
      next: 'Pass the file as the collecting tool wrote it.',
    },
    'evidence/container': {
      meaning: 'The JSON is of no known evidence container, or of more than one at once.',
      action: 'fix-input',
      next: 'Pass the file as the collecting tool wrote it.',
    },
    'evidence/profile': {
      meaning: 'The message wrapper, or an item in it, is of a profile this library does not know.',
      action: 'fix-input',
      next: 'Update this library if the collecting tool is newer than it; else collect in another format.',
    },
    'evidence/media-type': {
      meaning: 'A part of the message wrapper is of another media type than its place asks for.',
      action: 'fix-input',
      next: 'Collect SPDM reports with PEM certificates; other kinds of evidence are not supported.',
    },
    'evidence/empty': {
      meaning: 'The container holds no evidence.',
      action: 'collect-again',
      next: 'Look at the result code and message of the collecting tool, then collect again.',
    },
    'evidence/too-many-items': {
      meaning: 'The container holds more devices than one container may.',
      action: 'fix-input',
      next: 'Split the evidence into containers of at most 128 devices.',
    },
    'evidence/no-certificates': {
      meaning: 'A report comes without certificates.',
      action: 'collect-again',
      next: 'Collect the attestation certificate chain together with the report.',
    },
    'evidence/certificate-format': {
      meaning: 'Certificates are neither PEM nor DER, in plain or base64 form.',
      action: 'fix-input',
      next: 'Pass the certificate chain as the collecting tool wrote it.',
    },
    'evidence/too-many-certificates': {
      meaning: 'A report comes with more certificates than a device chain can have.',
      action: 'fix-input',
      next: 'Pass the certificate chain of this device only.',
    },
    'evidence/unknown-device': {
      meaning: 'No certificate of the chain is that of a known device, so that the kind of report is not known either.',
      action: 'fix-input',
      next: 'Pass the attestation certificate chain of the device; if it is newer than this library, update the library.',
    },
    'evidence/not-attestable': {
      meaning:
        'The container names a device family that signs no attestation reports, and its certificates are of none that does.',
      action: 'stop',
      next: 'Use a device that can attest: Hopper and later GPUs, LS10 switches.',
    },
    'evidence/no-report': {
      meaning: 'The input holds certificates but no report.',
      action: 'fix-input',
      next: 'Pass the report together with its certificates.',
    },
  },
  verify: {
    'spdm/signature': {
      meaning: 'The signature of the report is not one of the device key over these bytes.',
      action: 'stop',
      next: 'Do not trust the report: it was altered, or it comes from another device than its certificates.',
    },
    'evidence/nonce-length': {
      meaning: 'The nonce to compare with does not have the 32 bytes every report carries.',
      action: 'fix-input',
      next: 'Pass exactly the 32 bytes with which the report was requested.',
    },
    'evidence/nonce-mismatch': {
      meaning: 'The report answers another challenge than the one it has to answer.',
      action: 'stop',
      next: 'Do not trust the report: it may be an old one replayed. Collect a new one with a fresh nonce.',
    },
    'evidence/declared-nonce-mismatch': {
      meaning: 'The container states another nonce than the report carries.',
      action: 'stop',
      next: 'Do not trust the container: its parts were put together from different collections.',
    },
    'evidence/trailing-bytes': {
      meaning: 'Bytes follow the signature of the report, where nothing protects them.',
      action: 'fix-input',
      next: 'Export the report with its exact length, or tolerate trailing bytes by name once you know who adds them.',
    },
    'evidence/architecture-mismatch': {
      meaning: 'The container names another architecture than the device certificates prove.',
      action: 'stop',
      next: 'Do not trust the container label; find out why it differs from the device.',
    },
    'evidence/fwid-mismatch': {
      meaning: 'The firmware that signed is not the one the device certificate was issued for.',
      action: 'stop',
      next: 'Do not trust the device; reset it, collect again, and investigate if this repeats.',
    },
    'evidence/fwid-missing': {
      meaning: 'The report does not state its firmware identity although this family and driver do.',
      action: 'stop',
      next: 'Do not trust the report; update the driver and collect again.',
    },
    'evidence/chain-length': {
      meaning: 'A device chain has five certificates, from the device to the root; this one has not.',
      action: 'collect-again',
      next: 'Collect the whole attestation certificate chain again.',
    },
    'evidence/chain-order': {
      meaning: 'The certificates form one chain, but do not stand in its order.',
      action: 'collect-again',
      next: 'Collect the attestation certificate chain again and pass it unchanged.',
    },
    'device/path-length': {
      meaning: 'The certificate path is shorter or longer than that of every device.',
      action: 'stop',
      next: 'Check which trust anchor the path ends in: it must be the root for devices.',
    },
    'device/unknown-name': {
      meaning: 'A certificate name is not that of a known device.',
      action: 'fix-input',
      next: 'Pass the certificates of the device; if it is newer than this library, update the library.',
    },
    'device/role': {
      meaning: 'A certificate stands in the place of another one of the same device.',
      action: 'fix-input',
      next: 'Pass the certificate chain from the attestation certificate on.',
    },
    'device/responder': {
      meaning: 'The certificate names a responder this device family does not have.',
      action: 'stop',
      next: 'Do not trust the device; if it is newer than this library, update the library.',
    },
    'device/name-mismatch': {
      meaning: 'The leaf and its issuer are certificates of different chips.',
      action: 'stop',
      next: 'Do not trust the device; report the certificates to the vendor.',
    },
    'device/no-device-info': {
      meaning: 'The leaf certificate does not name its device (DMTF device info).',
      action: 'stop',
      next: 'Do not trust the device; report the certificates to the vendor.',
    },
    'device/info-mismatch': {
      meaning: 'The leaf certificate names another vendor or product in its device info than in its subject.',
      action: 'stop',
      next: 'Do not trust the device; report the certificates to the vendor.',
    },
    'device/pdi': {
      meaning: 'The BROM certificate does not carry a device identifier of the kind its family has.',
      action: 'stop',
      next: 'Do not trust the device; report the certificates to the vendor.',
    },
    'device/kind': {
      meaning: 'The report was read as one of a GPU and the certificates are of a switch, or the other way round.',
      action: 'fix-input',
      next: 'Pair each report with the certificates of its own device.',
    },
    'device/key-usage': {
      meaning: 'The leaf certificate does not permit its key to sign.',
      action: 'stop',
      next: 'Do not trust the device; report the certificates to the vendor.',
    },
    'device/key-algorithm': {
      meaning: 'The leaf key is not of ECDSA P-384, with which every device signs.',
      action: 'stop',
      next: 'Do not trust the device; if it is newer than this library, update the library.',
    },
    'device/no-fwid': {
      meaning: 'The leaf certificate does not state for which firmware it was issued.',
      action: 'stop',
      next: 'Do not trust the device; report the certificates to the vendor.',
    },
    'device/issuer-key-mismatch': {
      meaning: 'The leaf certificate names another issuer key than that of its issuer.',
      action: 'stop',
      next: 'Do not trust the device; report the certificates to the vendor.',
    },
  },
  appraise: {},
  collect: {},
}
