// A reference agent: binds a session key to the devices, answers landmarks with it, and signs the bundle.
import { createPublicKey, randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { encode } from 'cborg'
import { createIdentity, type Identity, openJws, type PublicJwk, readBytes, signJws, thumbprintOf } from './identity.js'
import {
  base64url,
  chainAfter,
  consentMessage,
  domainBytes,
  equal,
  fields,
  join,
  kinds,
  maxDatagramLength,
  profile,
  readUint32,
  roundMessage,
  sessionId,
  sha256,
  uint64,
} from './protocol.js'

/** What the verifier sends at the start: everything in it ends up in what the devices sign. */
export interface Campaign {
  readonly nonce: Uint8Array
  readonly audience: string
  /** The landmark directory, as signed. The agent only needs its digest. */
  readonly directory: string
}

/** Where a landmark listens, and the key the directory lists for it. */
export interface LandmarkAddress {
  readonly key: PublicJwk
  readonly port: number
}

export interface AgentOptions {
  /** Asks every device of this machine for a report on the challenge. */
  readonly attest: (challenge: Uint8Array) => readonly Uint8Array[]
  readonly now: () => Date
  /** Left out, a new key: a session key must not outlive its campaign. */
  readonly identity?: Identity
  /** How long to wait for one landmark, each of three times; default 10 s. */
  readonly timeoutMs?: number
}

export interface Agent {
  /** The devices' reports, and the bundle that goes with them. */
  readonly measure: (landmarks: readonly LandmarkAddress[]) => Promise<string>
  /** Reports on the first challenge. */
  readonly reports: readonly Uint8Array[]
  /** Reports on the challenge that follows from another nonce: the second bracket. */
  readonly attestAgain: (nonce: Uint8Array) => readonly Uint8Array[]
}

/** Runs inside the confidential machine: the session key is made here and never leaves. */
export function createAgent(campaign: Campaign, options: AgentOptions): Agent {
  const { identity = createIdentity(), timeoutMs = 10_000 } = options
  const id = new Uint8Array(randomBytes(16))
  const bindingOf = (nonce: Uint8Array): Uint8Array => encodeBinding(campaign, identity, id, nonce)
  const challengeOf = (nonce: Uint8Array): Uint8Array => sha256(domainBytes('gpuloc/bind/v1', bindingOf(nonce)))
  const challenge = challengeOf(campaign.nonce)
  const reports = options.attest(challenge)
  const evidence = evidenceDigest(challenge, reports)
  return {
    reports,
    attestAgain: (nonce) => options.attest(challengeOf(nonce)),
    measure: async (landmarks) => {
      const tokens: string[] = []
      const failed: (readonly [string, string, number])[] = []
      // One after another: rounds with several landmarks at once would delay one another.
      for (const landmark of landmarks) {
        const token = await measureOne({ identity, campaign, evidence, landmark, timeoutMs })
        if (token === undefined) failed.push([base64url(thumbprintOf(landmark.key)), 'no answer', maxTries])
        else tokens.push(token)
      }
      const claims = {
        eat_profile: profile,
        eat_nonce: base64url(campaign.nonce),
        iat: Math.floor(options.now().getTime() / 1000),
        aud: campaign.audience,
        bind: base64url(bindingOf(campaign.nonce)),
        meas: tokens,
        fail: failed,
      }
      // The key is in the binding, which the devices signed: there is nothing to choose from.
      return signJws(identity, 'application/gpuloc-bundle+jwt', claims, 'no-kid')
    },
  }
}

/** The binding object B, in deterministic CBOR. */
function encodeBinding(
  { audience, directory }: Campaign,
  identity: Identity,
  id: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  const key = new Map<number, unknown>([
    [1, 1],
    [-1, 6],
    [-2, identity.publicBytes],
  ])
  return encode(
    new Map<number, unknown>([
      [3, audience],
      [8, new Map([[1, key]])],
      [10, nonce],
      [265, profile],
      [-77010, sha256(new TextEncoder().encode(directory))],
      [-77011, id],
    ]),
  )
}

/** What each landmark signs: the challenge and the digests of the reports, so that these exist before any round. */
function evidenceDigest(challenge: Uint8Array, reports: readonly Uint8Array[]): Uint8Array {
  const digests = reports.map((report) => sha256(report)).sort((a, b) => Buffer.compare(a, b))
  const devices = sha256(domainBytes('gpuloc/gpus/v1', ...digests))
  // No CPU evidence in this example: 32 zero bytes stand in its place.
  return sha256(domainBytes('gpuloc/evidence/v1', challenge, devices, new Uint8Array(32)))
}

interface Task {
  readonly identity: Identity
  readonly campaign: Campaign
  readonly evidence: Uint8Array
  readonly landmark: LandmarkAddress
  readonly timeoutMs: number
}

const maxTries = 3
const probes = 8

async function measureOne(task: Task): Promise<string | undefined> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const socket = createSocket('udp4')
    try {
      const token = await runSession(task, socket)
      if (token !== undefined) return token
    } finally {
      socket.close()
    }
  }
  return undefined
}

function runSession(task: Task, socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), task.timeoutMs)
    const exchange = openExchange(task, socket, (token) => {
      clearTimeout(timer)
      resolve(token)
    })
    // Stamped first: whatever comes before would count as the landmark's delay.
    socket.on('message', (datagram) => receive(exchange, new Uint8Array(datagram), process.hrtime.bigint()))
    socket.on('error', () => resolve(undefined))
    sayHello(exchange)
  })
}

/** The agent's half of one session. */
interface Exchange {
  readonly task: Task
  readonly thumbprint: Uint8Array
  readonly agentNonce: Uint8Array
  readonly send: (kind: number, ...parts: readonly Uint8Array[]) => void
  readonly done: (token: string) => void
  session: Uint8Array | undefined
  /** The landmark either counted the last answer or did not; nothing else may stand before the next round. */
  possibleChains: readonly Uint8Array[]
  lastIndex: number
  summary: Uint8Array | undefined
  probe: { readonly token: Uint8Array; readonly sentAt: bigint } | undefined
  readonly ownRttNs: number[]
  readonly parts: Map<number, Uint8Array>
}

function openExchange(task: Task, socket: Socket, done: (token: string) => void): Exchange {
  return {
    task,
    thumbprint: thumbprintOf(task.landmark.key),
    agentNonce: new Uint8Array(randomBytes(16)),
    send: (kind, ...parts) => socket.send(join(Uint8Array.of(kind), ...parts), task.landmark.port, '127.0.0.1'),
    done,
    session: undefined,
    possibleChains: [new Uint8Array(32)],
    lastIndex: 0,
    summary: undefined,
    probe: undefined,
    ownRttNs: [],
    parts: new Map(),
  }
}

function sayHello({ task, thumbprint, agentNonce, send }: Exchange): void {
  const { identity, campaign, evidence } = task
  const hello = signJws(identity, 'gpuloc-hello', {
    kid: base64url(thumbprint),
    jwk: identity.jwk,
    ev: base64url(evidence),
    n_v: base64url(campaign.nonce),
    n_a: base64url(agentNonce),
    aud: campaign.audience,
  })
  if (hello.length >= maxDatagramLength) throw new Error('the audience is too long for one datagram')
  send(kinds.hello, new TextEncoder().encode(hello))
}

function receive(exchange: Exchange, datagram: Uint8Array, arrivedAt: bigint): void {
  const [kind] = datagram
  if (kind === kinds.open) {
    acceptSession(exchange, new TextDecoder().decode(datagram.subarray(1)))
    return
  }
  const { session } = exchange
  if (session === undefined || !equal(datagram.subarray(1, 17), session)) return
  const body = datagram.subarray(17)
  if (kind === kinds.challenge) answerRound(exchange, session, body)
  if (kind === kinds.summary) {
    exchange.summary = body
    sendProbe(exchange, session)
  }
  if (kind === kinds.echo) countEcho(exchange, session, body, arrivedAt)
  if (kind === kinds.token) collectToken(exchange, body)
}

function acceptSession(exchange: Exchange, jws: string): void {
  const { task, thumbprint, agentNonce } = exchange
  const open = openJws(jws, 'gpuloc-open', createPublicKey({ key: { ...task.landmark.key }, format: 'jwk' }))
  const landmarkNonce = readBytes(open?.['n_l'], 16)
  const echoed = readBytes(open?.['n_a'], 16)
  if (landmarkNonce === undefined || echoed === undefined || !equal(echoed, agentNonce)) return
  // Computed, not taken over: the session must hash this evidence and this landmark.
  exchange.session ??= sessionId(task.evidence, thumbprint, agentNonce, landmarkNonce)
}

function answerRound(exchange: Exchange, session: Uint8Array, body: Uint8Array): void {
  const [indexBytes, challenge, previous] = fields(body, 4, 32, 32) ?? []
  if (indexBytes === undefined || challenge === undefined || previous === undefined) return
  const index = readUint32(indexBytes)
  // One answer per round, in order, on a chain the agent knows.
  if (index <= exchange.lastIndex || !exchange.possibleChains.some((chain) => equal(chain, previous))) return
  const signature = exchange.task.identity.sign(roundMessage(session, index, challenge, previous))
  exchange.send(kinds.response, session, indexBytes, signature)
  exchange.lastIndex = index
  exchange.possibleChains = [previous, chainAfter(previous, index, challenge, signature)]
}

function sendProbe(exchange: Exchange, session: Uint8Array): void {
  const token = new Uint8Array(randomBytes(16))
  exchange.probe = { token, sentAt: process.hrtime.bigint() }
  exchange.send(kinds.probe, session, token)
}

function countEcho(exchange: Exchange, session: Uint8Array, body: Uint8Array, arrivedAt: bigint): void {
  const { probe, ownRttNs } = exchange
  if (probe === undefined || !equal(body, probe.token)) return
  ownRttNs.push(Number(arrivedAt - probe.sentAt))
  if (ownRttNs.length < probes) sendProbe(exchange, session)
  else consent(exchange, session)
}

function consent({ task, summary, possibleChains, ownRttNs, send }: Exchange, session: Uint8Array): void {
  const [transcript, sent, received] = fields(summary ?? new Uint8Array(), 32, 4, 4) ?? []
  if (transcript === undefined || sent === undefined || received === undefined) return
  if (!possibleChains.some((chain) => equal(chain, transcript))) return
  const least = BigInt(Math.min(...ownRttNs))
  const data = consentMessage(session, transcript, readUint32(sent), readUint32(received), least)
  send(kinds.consent, session, uint64(least), task.identity.sign(data))
}

function collectToken({ parts, done }: Exchange, body: Uint8Array): void {
  const [part = 0, count = 0] = body
  parts.set(part, body.subarray(2))
  if (parts.size < count) return
  const pieces = [...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)
  done(new TextDecoder().decode(join(...pieces)))
}
