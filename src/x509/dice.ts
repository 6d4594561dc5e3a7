// Reads the firmware identity (FWID) a device certificate carries: TCG DICE Attestation Architecture, and NVIDIA's form.
import type { Bytes } from '../bytes/bytes.js'
import { parseUtf8 } from '../bytes/text.js'
import {
  contextTag,
  type DerCursor,
  derTag,
  endDer,
  enterDer,
  joinPath,
  peekTag,
  readOctets,
  readOid,
  readUnsigned,
  readWhole,
  takeAny,
  takeElement,
} from '../encoding/der.js'
import { parseError } from '../result/error.js'
import type { Certificate } from './certificate.js'

const compositeDeviceIdOid = '2.23.133.5.4.1'
const tcbInfoOid = '2.23.133.5.4.1.1'
const deviceInfoOid = '1.3.6.1.4.1.412.274.1'
const sha384Oid = '2.16.840.1.101.3.4.2.2'

/** The firmware identity and which extension it came from. */
export type DeviceFwid =
  /** `issuerSpki` is the DER key the extension names; genuine certificates repeat their issuer's key there. */
  | { readonly form: 'composite-device-id'; readonly fwid: Bytes; readonly issuerSpki: Bytes; readonly at: string }
  /** `flags` names the operational flags that are set, `bit-n` where unknown. */
  | { readonly form: 'tcb-info'; readonly fwid: Bytes; readonly flags: readonly string[]; readonly at: string }

/**
 * The SHA-384 firmware identity in `certificate`, chosen by OID; undefined if it carries none. Does not compare it with
 * a report, nor the embedded key with the issuer's: both are for the caller. Of the several FWIDs a TcbInfo may list the
 * first counts (NVIDIA fills the second with zeros).
 * @throws AttestationError `dice/ambiguous`, `dice/version`, `dice/hash`, `dice/digest-length`, `dice/no-fwid` and the DER codes
 */
export function deviceFwid(certificate: Certificate): DeviceFwid | undefined {
  const found = certificate.extensions.filter(({ oid }) => oid === compositeDeviceIdOid || oid === tcbInfoOid)
  const [extension, second] = found
  if (extension === undefined) return undefined
  // Two sources could disagree, and neither outranks the other.
  if (second !== undefined) throw parseError('dice/ambiguous', second.at, {})
  const body = readWhole(extension.value, extension.at, (cursor) => enterDer(cursor, derTag.sequence, ''))
  return extension.oid === tcbInfoOid ? readTcbInfo(body) : readCompositeDeviceId(body)
}

// SEQUENCE { version INTEGER 1, issuerKey SubjectPublicKeyInfo, fwid FWID }
function readCompositeDeviceId(body: DerCursor): DeviceFwid {
  const version = readUnsigned(body, 'version')
  if (version !== 1) throw parseError('dice/version', joinPath(body.path, 'version'), { version })
  const issuerSpki = takeElement(body, derTag.sequence, 'issuerKey')
  const fwid = readFwid(body, 'fwid')
  endDer(body)
  return { form: 'composite-device-id', fwid, issuerSpki, at: body.path }
}

// DiceTcbInfo: context tags 0 to 10 in ascending order, all optional; fwids is [6].
function readTcbInfo(body: DerCursor): DeviceFwid {
  let previous = -1
  let fwid: Bytes | undefined
  let flags: readonly string[] = []
  for (let tag = peekTag(body); tag !== undefined; tag = peekTag(body)) {
    const number = tag & 0x1f
    if ((tag & 0xc0) !== 0x80 || number <= previous) throw parseError('dice/tcb-info', body.path, { tag })
    previous = number
    if (number === 6) {
      const list = enterDer(body, contextTag(6, 'constructed'), 'fwids')
      fwid = readFwid(list, '[0]')
      for (let i = 1; peekTag(list) !== undefined; i++) readFwid(list, `[${i}]`)
    } else if (number === 7) flags = readFlags(body)
    else takeAny(body, `[${number}]`)
  }
  if (fwid === undefined) throw parseError('dice/no-fwid', body.path, {})
  return { form: 'tcb-info', fwid, flags, at: body.path }
}

// OperationalFlags ::= BIT STRING; further bits are named by number, so that an unknown flag is never lost.
const flagNames: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [0, 'not-configured'],
  [1, 'not-secure'],
  [2, 'recovery'],
  [3, 'debug'],
  [4, 'not-replay-protected'],
  [5, 'not-integrity-protected'],
  [6, 'not-runtime-measured'],
  [7, 'not-immutable'],
  [8, 'not-tcb'],
  [31, 'fixed-width'],
])

function readFlags(body: DerCursor): readonly string[] {
  const at = joinPath(body.path, 'flags')
  const element = takeElement(body, contextTag(7, 'primitive'), 'flags')
  // Tag and length are one octet each: flags longer than that are of no known version.
  const [, length = 0, unused = 8, ...octets] = element
  // Unused bits must be zero, and an empty string has none to leave unused.
  const hasSpare = ((octets.at(-1) ?? 0xff) & ((1 << unused) - 1)) !== 0
  if (length !== octets.length + 1 || unused > 7 || hasSpare || octets.length > 8)
    throw parseError('dice/flags', at, { length })
  const flags: string[] = []
  for (let bit = 0; bit < octets.length * 8 - unused; bit++) {
    const octet = octets[bit >> 3] ?? 0
    if (((octet >> (7 - (bit & 7))) & 1) === 1) flags.push(flagNames.get(bit) ?? `bit-${bit}`)
  }
  return flags
}

// FWID ::= SEQUENCE { hashAlg OBJECT IDENTIFIER, digest OCTET STRING }
function readFwid(cursor: DerCursor, field: string): Bytes {
  const sequence = enterDer(cursor, derTag.sequence, field)
  const oid = readOid(sequence, 'hashAlg')
  if (oid !== sha384Oid) throw parseError('dice/hash', joinPath(sequence.path, 'hashAlg'), { oid })
  const digest = readOctets(sequence, 'digest')
  if (digest.length !== 48)
    throw parseError('dice/digest-length', joinPath(sequence.path, 'digest'), { actual: digest.length })
  endDer(sequence)
  return digest
}

/** The device a certificate speaks of, as DSP0274 section "DMTF device info" writes it into subjectAltName. */
export interface DeviceInfo {
  readonly vendor: string
  readonly product: string
  readonly serial: string
}

/**
 * `vendor:product:serial` from the DMTF otherName of subjectAltName; undefined if there is none.
 * @throws AttestationError `dice/device-info` if it is not three non-empty parts or stands there twice
 */
export function deviceInfo(certificate: Certificate): DeviceInfo | undefined {
  const found = (certificate.known.subjectAltName ?? []).filter(
    (name) => name.kind === 'other-name' && name.oid === deviceInfoOid,
  )
  const [name] = found
  if (name?.kind !== 'other-name') return undefined
  const at = joinPath(certificate.at, 'tbs.extensions.subjectAltName')
  const text = parseUtf8(
    readWhole(name.value, at, (cursor) => readOctets(cursor, '', derTag.utf8String)),
    at,
  )
  const [vendor, product, serial, ...rest] = text.split(':')
  if (!vendor || !product || !serial || rest.length > 0 || found.length > 1)
    throw parseError('dice/device-info', at, { text })
  return { vendor, product, serial }
}
