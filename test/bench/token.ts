// Bench: tokens, as ratios against the bare signature checks of the same algorithm, key and bytes in the same run.
import { compactVerify } from 'jose'
import { parseBase64Url } from '../../src/bytes/base64.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import type { CryptoProvider, SignatureAlgorithm } from '../../src/crypto/provider.js'
import { webCryptoKey, webCryptoProvider } from '../../src/crypto/webcrypto.js'
import { type NrasVerification, verifyNrasToken } from '../../src/nvidia/nras.js'
import { claim, signClaims } from '../../src/testing/dual-claims.js'
import {
  createSyntheticWorld,
  jwkSetJson,
  publicJwk,
  type SyntheticClaims,
  type SyntheticKey,
  signJwt,
} from '../../src/testing/index.js'
import { type CoseVerification, verifyCoseSign1 } from '../../src/token/cose.js'
import { parseJwkSet } from '../../src/token/jwks.js'
import { type JwsVerification, verifyJws } from '../../src/token/jws.js'
import type { KeySet } from '../../src/token/key-set.js'
import { type Row, timeRatio } from './measure.js'

const world = createSyntheticWorld({ seed: 'bench tokens' })
const { now } = world
const kid = 'bench-key'
const gpus = 8

type Algorithm = 'ES256' | 'ES384'
const curves = { ES256: 'P-256', ES384: 'P-384' } as const
const signatureAlgorithms = { ES256: 'ecdsa-p256-sha256', ES384: 'ecdsa-p384-sha384' } as const

type Call = () => Promise<unknown>

export async function benchTokens(): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const algorithm of ['ES384', 'ES256'] as const) rows.push(await jwsRow(algorithm, webCryptoProvider))
  for (const algorithm of ['ES384', 'ES256'] as const) rows.push(...(await joseRows(algorithm)))
  for (const algorithm of ['ES384', 'ES256'] as const) rows.push(await coseRow(algorithm))
  return [...rows, await nrasRow()]
}

/** Parsed once, as a service does with the keys it trusts: imported with the first token. */
function keySet(key: SyntheticKey): KeySet {
  return parseJwkSet(encodeUtf8(jwkSetJson([publicJwk(key, kid)])))
}

/** What a remote service says of one sound device: some 2 KB, the size of the tokens there are. */
function claims(): SyntheticClaims {
  const { devices } = world.tokenBundle([world.hopper()])
  const [, payload = ''] = (devices['GPU-0'] ?? '').split('.')
  return JSON.parse(new TextDecoder().decode(parseBase64Url(payload, '')))
}

async function bare(
  algorithm: SignatureAlgorithm,
  set: KeySet,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<Call> {
  const key = set.keys[0]?.publicKey
  if (key === undefined) throw new Error('no key')
  const check = (): Promise<boolean> => webCryptoProvider.verify({ algorithm, key, signature, data })
  if (!(await check())) throw new Error('bench signature does not verify')
  return check
}

/** The bare check of a compact token's own signature. */
function bareJws(token: string, algorithm: SignatureAlgorithm, set: KeySet): Promise<Call> {
  const end = token.lastIndexOf('.')
  return bare(algorithm, set, parseBase64Url(token.slice(end + 1), ''), encodeUtf8(token.slice(0, end)))
}

interface JwsScene {
  readonly token: string
  readonly input: JwsVerification
  /** The runtime's check of the token's signature, and nothing else. */
  readonly unit: Call
}

async function jwsScene(algorithm: Algorithm): Promise<JwsScene> {
  const key = world.key(`jws ${algorithm}`, curves[algorithm])
  const token = signJwt(claims(), key, { kid, header: { typ: 'JWT' } })
  const keys = keySet(key)
  const input: JwsVerification = { keys, algorithms: [algorithm], typ: ['JWT'], now }
  return { token, input, unit: await bareJws(token, signatureAlgorithms[algorithm], keys) }
}

async function jwsRow(algorithm: Algorithm, crypto: CryptoProvider): Promise<Row> {
  const { token, input, unit } = await jwsScene(algorithm)
  const ratio = await timeRatio(() => verifyJws(token, { ...input, crypto }), unit)
  return atLeast(`one JWS of ${token.length} characters (verifyJws, ${algorithm}, ${crypto.name}): rate / bare`, ratio)
}

/**
 * Without a provider `jose` checks the signature, reading header and payload a second time. So the figure is against
 * its own check of the token, and what that costs beside the runtime's is a row of its own.
 */
async function joseRows(algorithm: Algorithm): Promise<readonly Row[]> {
  const { token, input, unit } = await jwsScene(algorithm)
  const key = 'keys' in input.keys ? input.keys.keys[0]?.publicKey : undefined
  if (key === undefined) throw new Error('no key')
  const cryptoKey = await webCryptoKey(key, signatureAlgorithms[algorithm])
  const jose: Call = () => compactVerify(token, cryptoKey, { algorithms: [algorithm] })
  const ratio = await timeRatio(() => verifyJws(token, input), jose)
  const ofJose = await timeRatio(jose, unit)
  return [
    atLeast(`one JWS of ${token.length} characters (verifyJws, ${algorithm}, jose): rate / jose's own check`, ratio),
    { what: `jose's own check of it: rate / bare`, value: 1 / ofJose, unit: 'x' },
    { what: `verifyJws of it on jose: rate / bare`, value: 1 / (ratio * ofJose), unit: 'x' },
  ]
}

async function coseRow(algorithm: Algorithm): Promise<Row> {
  const key = world.key(`cose ${algorithm}`, curves[algorithm])
  const text = JSON.stringify(claims())
  const options = { kid: encodeUtf8(kid), type: 'application/eat' }
  const tagged = signClaims([claim('text', 'text', text)], key, 'cbor', options)
  if (typeof tagged === 'string') throw new Error('not CBOR')
  // Without tag 61, which only a CWT has.
  const message = tagged.subarray(2)
  const keys = keySet(key)
  const coseAlgorithm = algorithm
  const input: CoseVerification = { keys, algorithms: [coseAlgorithm], typ: ['application/eat+cwt'], now }
  const signature = message.subarray(-2 * (algorithm === 'ES384' ? 48 : 32))
  const signed: { data?: Uint8Array } = {}
  await verifyCoseSign1(message, {
    ...input,
    crypto: {
      ...webCryptoProvider,
      verify: (check) => {
        signed.data = check.data
        return webCryptoProvider.verify(check)
      },
    },
  })
  if (signed.data === undefined) throw new Error('no signature was checked')
  const unit = await bare(signatureAlgorithms[algorithm], keys, signature, signed.data)
  const ratio = await timeRatio(() => verifyCoseSign1(message, input), unit)
  return atLeast(`one COSE_Sign1 of ${message.length} bytes (verifyCoseSign1, ${algorithm}): rate / bare`, ratio)
}

async function nrasRow(): Promise<Row> {
  const first = world.hopper({ device: 'gpu-0' })
  const rest = Array.from({ length: gpus - 1 }, (_, i) => world.hopper({ device: `gpu-${i + 1}` }))
  const bundle = world.tokenBundle([first, ...rest])
  const response = encodeUtf8(bundle.json)
  const keys = parseJwkSet(encodeUtf8(bundle.jwks))
  const { issuer } = bundle
  const input: NrasVerification = { keys, issuer, nonce: first.nonce, now, leewaySeconds: 0 }
  const { outcome, devices } = await verifyNrasToken(response, input)
  if (outcome !== 'pass' || devices.length !== gpus) throw new Error('bench bundle fails')
  const tokens = [bundle.overall, ...Object.values(bundle.devices)]
  const units = await Promise.all(tokens.map((token) => bareJws(token, 'ecdsa-p384-sha384', keys)))
  const oneByOne = async (): Promise<void> => {
    for (const unit of units) await unit()
  }
  return {
    what: `answer about ${gpus} GPUs (verifyNrasToken): time / its ${tokens.length} bare signatures in turn`,
    value: await timeRatio(() => verifyNrasToken(response, input), oneByOne),
    target: 1.2,
    bound: 'at most',
    unit: 'x',
  }
}

function atLeast(what: string, timeRatioToBare: number): Row {
  return { what, value: 1 / timeRatioToBare, target: 0.85, bound: 'at least', unit: 'x' }
}
