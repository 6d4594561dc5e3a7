// Turns a COSE_Key (RFC 9052 section 7, RFC 9053 section 7) into a key for signature checks, as in the `cnf` claim.
import { type Bytes, concatBytes } from '../bytes/bytes.js'
import { ecPublicKey, ed25519PublicKey, rsaPublicKey, type UnsupportedKey } from '../crypto/key.js'
import type { EcCurve, PublicKey, SignatureAlgorithm } from '../crypto/provider.js'
import type { CborMap, CborValue } from '../encoding/cbor.js'
import { memberPath } from '../encoding/json.js'
import { parseError } from '../result/error.js'
import { signatureAlgorithmNumbered } from './algorithm.js'
import type { VerificationKey } from './key-set.js'

const curves: ReadonlyMap<CborValue | undefined, readonly [EcCurve, number]> = /* @__PURE__ */ new Map<
  CborValue | undefined,
  readonly [EcCurve, number]
>([
  [1, ['P-256', 32]],
  [2, ['P-384', 48]],
  [3, ['P-521', 66]],
])

/**
 * Reads a public COSE_Key: EC2 with both coordinates, OKP with Ed25519, or RSA.
 * @throws AttestationError `cose-key/private`, `cose-key/invalid`
 */
export function parseCoseKey(key: CborMap, at: string): VerificationKey {
  const publicKey = readPublicKey(key, at)
  if (publicKey.kind === 'unsupported') throw parseError('cose-key/invalid', at, { reason: publicKey.reason })
  const operations = key.get(4)
  // key_ops: 2 is verify.
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes(2)))
    throw parseError('cose-key/invalid', memberPath(at, 'key_ops'), { reason: 'key-operations' })
  const algorithm = readAlgorithm(key.get(3), at)
  const kid = key.get(2)
  if (kid !== undefined && !(kid instanceof Uint8Array))
    throw parseError('cose-key/invalid', memberPath(at, 'kid'), { reason: 'kid' })
  return Object.freeze({
    publicKey,
    certificates: [],
    ...(kid === undefined ? {} : { kid }),
    ...(algorithm === undefined ? {} : { algorithm }),
  })
}

function readPublicKey(key: CborMap, at: string): PublicKey | UnsupportedKey {
  const kty = key.get(1)
  // d of EC2 and OKP is -4; d, p, q and so on of RSA are -3 to -12.
  for (const secret of kty === 3 ? [-3, -4, -5, -6, -7, -8, -9, -10, -11, -12] : [-4])
    if (key.has(secret)) throw parseError('cose-key/private', at, {})
  if (kty === 3) return rsaPublicKey(readBytes(key, -1, at), readBytes(key, -2, at))
  if (kty === 1) {
    return key.get(-1) === 6 ? ed25519PublicKey(readBytes(key, -2, at)) : { kind: 'unsupported', reason: 'curve' }
  }
  if (kty !== 2) return { kind: 'unsupported', reason: 'algorithm' }
  const curve = curves.get(key.get(-1))
  if (curve === undefined) return { kind: 'unsupported', reason: 'curve' }
  const x = readBytes(key, -2, at)
  const y = readBytes(key, -3, at)
  if (x.length !== curve[1] || y.length !== curve[1]) return { kind: 'unsupported', reason: 'point-length' }
  return ecPublicKey(curve[0], concatBytes(Uint8Array.of(4), x, y))
}

function readAlgorithm(value: CborValue | undefined, at: string): SignatureAlgorithm | undefined {
  if (value === undefined) return undefined
  const algorithm = typeof value === 'number' ? signatureAlgorithmNumbered(value) : undefined
  if (algorithm === undefined) throw parseError('cose-key/invalid', memberPath(at, 'alg'), { reason: 'algorithm' })
  return algorithm
}

// A compressed y is a boolean and refused here too: the uncompressed form is what every profile in use carries.
function readBytes(key: CborMap, name: number, at: string): Bytes {
  const value = key.get(name)
  if (value instanceof Uint8Array) return value
  throw parseError('cose-key/invalid', memberPath(at, String(name)), { reason: 'coordinate' })
}
