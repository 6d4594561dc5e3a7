// Turns a COSE_Sign1 message (RFC 9052 section 4.2, tag 18) into a verified payload.
//
//   18([ protected: bstr .cbor map, unprotected: map, payload: bstr, signature: bstr ])
//   signed: ["Signature1", protected, external_aad, payload]
import { type Bytes, concatBytes, copyBytes } from '../bytes/bytes.js'
import type { CryptoProvider } from '../crypto/provider.js'
import { webCryptoProvider } from '../crypto/webcrypto.js'
import { type CborMap, type CborValue, isCborArray, isCborMap, isCborTag, parseCbor } from '../encoding/cbor.js'
import { copyCborMap } from '../encoding/cbor-copy.js'
import { encodeCbor, encodeCborHead } from '../encoding/cbor-encode.js'
import { memberPath } from '../encoding/json.js'
import { parseError, verifyError } from '../result/error.js'
import { markVerified, type Verified } from '../result/proof.js'
import type { NonEmptyArray } from '../result/result.js'
import { type CoseAlgorithm, coseAlgorithmId, tokenSignatureAlgorithm } from './algorithm.js'
import { selectKey, type TokenKeys, type VerificationKey } from './key-set.js'
import { isTypeExpected, type TypeExpectation } from './type.js'

/** Labels of header parameters (RFC 9052 section 3.1, RFC 9360, RFC 9596). */
const label = { algorithm: 1, critical: 2, kid: 4, type: 16, x5chain: 33 } as const

/** What a COSE_Sign1 says before anything is checked. The payload is not here: it is read after the signature. */
export interface CoseEnvelope {
  /** From the protected header only. */
  readonly algorithm: number | bigint | string | undefined
  /** From either header: it only chooses among the caller's keys. */
  readonly kid: Bytes | undefined
  /** `typ`, from the protected header only. */
  readonly type: string | undefined
  /** `x5chain` (DER, leaf first): a hint, never a reason to trust a key. */
  readonly certificates: readonly Bytes[]
  readonly protectedHeader: CborMap
  /** Not covered by the signature. */
  readonly unprotectedHeader: CborMap
}

/** A verified COSE_Sign1. */
export interface CoseSign1 extends CoseEnvelope {
  readonly payload: Bytes
  /** The key of the caller's set the signature was made with. */
  readonly key: VerificationKey
}

/** How to verify a COSE_Sign1. */
export interface CoseVerification {
  readonly keys: TokenKeys
  readonly algorithms: NonEmptyArray<CoseAlgorithm>
  readonly typ: TypeExpectation
  /** Only a certificate path has a validity to check here; claims are checked by `verifyCwt`. */
  readonly now: Date
  /** Empty when left out. */
  readonly externalAad?: Bytes
  readonly crypto?: CryptoProvider
  /** Prefix of `at` in failures; the empty string when left out. */
  readonly at?: string
}

/** All on memory of its own but what is `received`, which is copied together, once, as it is checked. */
interface Parts {
  readonly envelope: CoseEnvelope
  readonly protectedBytes: Bytes
  readonly receivedPayload: Bytes
  readonly receivedSignature: Bytes
}

/**
 * Reads the headers of a COSE_Sign1 with tag 18. Checks nothing but form: the whole message, protected header included,
 * must be in deterministic encoding (RFC 8949 section 4.2.1), and no label may be in both headers.
 * @throws AttestationError `cose/*`, `cbor/*`, `encoding/utf8`, `bytes/*`
 */
export function parseCoseSign1(bytes: Bytes, at = ''): CoseEnvelope {
  return readParts(parseCbor(bytes, at), at).envelope
}

/**
 * Verifies a COSE_Sign1 under exactly one key of the caller's. The algorithm must be in the protected header and in
 * `algorithms`, and fixes the curve of the key. Refuses any `crit` and a `typ` other than asked for. Does not look into
 * the payload.
 * @throws AttestationError as {@link parseCoseSign1}, and `token/algorithm-missing`, `token/algorithm-unprotected`,
 * `token/algorithm-not-allowed`, `token/type-mismatch`, `token/critical-header`, `token/key-not-found`,
 * `token/key-ambiguous`, `token/key-mismatch`, `token/key-expired`, `token/key-not-yet-valid`, `token/signature-invalid`
 */
export async function verifyCoseSign1(bytes: Bytes, input: CoseVerification): Promise<Verified<CoseSign1>> {
  return verifyCoseValue(parseCbor(bytes, input.at ?? ''), input)
}

/** As {@link verifyCoseSign1}, for a message already decoded. */
export async function verifyCoseValue(value: CborValue, input: CoseVerification): Promise<Verified<CoseSign1>> {
  const at = input.at ?? ''
  const { envelope, protectedBytes, receivedPayload, receivedSignature } = readParts(value, at)
  const allowed = allowedAlgorithm(envelope, input, at)
  verifyHeaders(envelope, input, at)
  const { algorithm, kid, type, certificates, protectedHeader, unprotectedHeader } = envelope
  const signatureAlgorithm = tokenSignatureAlgorithm(allowed)
  const request = { kid, algorithm: signatureAlgorithm, now: input.now, at: memberPath(at, 'header.kid') }
  const key = selectKey(input.keys, request)
  const signed = signedBytes(protectedBytes, input.externalAad ?? new Uint8Array(0), receivedPayload)
  // One copy of both: each array of its own is costly to the runtime.
  const copy = concatBytes(...signed, receivedSignature)
  const end = copy.length - receivedSignature.length
  const [data, signature] = [copy.subarray(0, end), copy.subarray(end)]
  // The very octets the signature is checked over. Taken now: the caller's memory may be gone when the answer comes.
  const payload = data.subarray(end - receivedPayload.length)
  const { crypto = webCryptoProvider } = input
  const valid = await crypto.verify({ algorithm: signatureAlgorithm, key: key.publicKey, signature, data })
  if (valid !== true) throw verifyError('token/signature-invalid', memberPath(at, 'signature'), { algorithm: allowed })
  // Named one by one: freezing the result of a spread costs the runtime a tenth of a signature check.
  return markVerified<CoseSign1>({
    algorithm,
    kid,
    type,
    certificates,
    protectedHeader,
    unprotectedHeader,
    payload,
    key,
  })
}

/** An array of four, and the text "Signature1". */
const context: Bytes = /* @__PURE__ */ concatBytes(
  /* @__PURE__ */ encodeCborHead(4, 4),
  /* @__PURE__ */ encodeCbor('Signature1'),
)

// Sig_structure (RFC 9052 section 4.4).
function signedBytes(guarded: Bytes, externalAad: Bytes, payload: Bytes): readonly Bytes[] {
  const head = (bytes: Bytes): Bytes => encodeCborHead(2, bytes.length)
  return [context, head(guarded), guarded, head(externalAad), externalAad, head(payload), payload]
}

function readParts(value: CborValue, at: string): Parts {
  if (!isCborTag(value)) throw parseError('cose/untagged', at, { expected: 18 })
  if (value.tag !== 18) throw parseError('cose/tag', at, { tag: String(value.tag), expected: 18 })
  const items = isCborArray(value.value) ? value.value : []
  const [guarded, open, receivedPayload, receivedSignature] = items
  if (items.length !== 4 || !(guarded instanceof Uint8Array) || !isCborMap(open))
    throw parseError('cose/form', at, { expected: '[protected, unprotected, payload, signature]' })
  if (receivedPayload === null) throw parseError('cose/detached-payload', memberPath(at, 'payload'), {})
  if (!(receivedPayload instanceof Uint8Array) || !(receivedSignature instanceof Uint8Array))
    throw parseError('cose/form', at, { expected: 'payload and signature as byte strings' })
  const protectedBytes = copyBytes(guarded)
  const unprotectedHeader = copyCborMap(open)
  const protectedHeader = readProtectedHeader(protectedBytes, memberPath(at, 'header'))
  for (const key of unprotectedHeader.keys())
    if (protectedHeader.has(key)) throw parseError('cose/header-overlap', at, { label: String(key) })
  const envelope = readEnvelope(protectedHeader, unprotectedHeader, memberPath(at, 'header'))
  return { envelope, protectedBytes, receivedPayload, receivedSignature }
}

// Both forms of an empty header are in use (RFC 9052 section 3).
function readProtectedHeader(bytes: Bytes, at: string): CborMap {
  const header = bytes.length === 0 ? new Map<number, CborValue>() : parseCbor(bytes, at)
  if (!isCborMap(header)) throw parseError('cose/header', at, { expected: 'a map' })
  return header
}

function readEnvelope(guarded: CborMap, open: CborMap, at: string): CoseEnvelope {
  const algorithm = guarded.get(label.algorithm)
  if (algorithm !== undefined && !['number', 'bigint', 'string'].includes(typeof algorithm))
    throw parseError('cose/header', memberPath(at, 'alg'), { expected: 'an integer or text' })
  const kid = guarded.get(label.kid) ?? open.get(label.kid)
  if (kid !== undefined && !(kid instanceof Uint8Array))
    throw parseError('cose/header', memberPath(at, 'kid'), { expected: 'a byte string' })
  const type = guarded.get(label.type)
  if (type !== undefined && typeof type !== 'string')
    throw parseError('cose/header', memberPath(at, 'typ'), { expected: 'text' })
  const chain = guarded.get(label.x5chain) ?? open.get(label.x5chain)
  return {
    algorithm: readAlgorithm(algorithm),
    kid,
    type,
    certificates: readCertificates(chain, at),
    protectedHeader: guarded,
    unprotectedHeader: open,
  }
}

function readAlgorithm(value: CborValue | undefined): number | bigint | string | undefined {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string' ? value : undefined
}

function readCertificates(chain: CborValue | undefined, at: string): readonly Bytes[] {
  if (chain === undefined) return []
  return (isCborArray(chain) ? chain : [chain]).map((certificate) => {
    if (certificate instanceof Uint8Array) return certificate
    throw parseError('cose/header', memberPath(at, 'x5chain'), { expected: 'byte strings' })
  })
}

function allowedAlgorithm(envelope: CoseEnvelope, { algorithms }: CoseVerification, at: string): CoseAlgorithm {
  const path = memberPath(at, 'header.alg')
  const named = envelope.algorithm
  if (named === undefined && envelope.unprotectedHeader.has(label.algorithm))
    throw verifyError('token/algorithm-unprotected', path, {})
  if (named === undefined) throw verifyError('token/algorithm-missing', path, {})
  const algorithm = algorithms.find((allowed) => coseAlgorithmId(allowed) === named)
  if (algorithm !== undefined) return algorithm
  throw verifyError('token/algorithm-not-allowed', path, { algorithm: String(named), allowed: algorithms })
}

function verifyHeaders(envelope: CoseEnvelope, { typ }: CoseVerification, at: string): void {
  const { protectedHeader, unprotectedHeader, type } = envelope
  if (protectedHeader.has(label.critical) || unprotectedHeader.has(label.critical))
    throw verifyError('token/critical-header', memberPath(at, 'header.crit'), {})
  if (!isTypeExpected(type, typ))
    throw verifyError('token/type-mismatch', memberPath(at, 'header.typ'), { type: type ?? null, expected: typ })
}
