// A reference landmark: times signed rounds with an agent over UDP, then signs what it measured.
import { createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import {
  type Identity,
  openJws,
  type PublicJwk,
  peekJws,
  readBytes,
  readJwk,
  signJws,
  thumbprintOf,
} from './identity.js'
import {
  base64url,
  chainAfter,
  consentMessage,
  fields,
  join,
  kinds,
  maxDatagramLength,
  profile,
  readUint32,
  readUint64,
  roundMessage,
  sessionId,
  uint32,
} from './protocol.js'

export interface LandmarkOptions {
  readonly identity: Identity
  readonly name: string
  readonly latitude: number
  readonly longitude: number
  /** Hard bound on the position's error, the same as in the directory. */
  readonly positionUncertaintyMeters: number
  readonly rounds: number
  readonly spacingMs: number
  /** Wall clock; only says when, never how long. */
  readonly now: () => Date
}

export interface RunningLandmark {
  readonly port: number
  readonly close: () => Promise<void>
}

interface Session {
  readonly id: Uint8Array
  readonly peer: RemoteInfo
  readonly key: KeyObject
  readonly jwk: PublicJwk
  readonly evidence: Uint8Array
  readonly verifierNonce: Uint8Array
  readonly agentNonce: Uint8Array
  readonly landmarkNonce: Uint8Array
  readonly audience: string
  readonly firstRound: number
  lastRound: number
  /** The round under way: only its first answer counts. */
  open: { readonly index: number; readonly challenge: Uint8Array; readonly sentAt: bigint } | undefined
  previous: Uint8Array
  readonly rttNs: number[]
  sent: number
  finished: boolean
}

/** Bounds memory: nobody is asked who they are before they have signed something. */
const maxSessions = 256
const sessionLifetimeMs = 60_000

/** Listens on a port of its own on the loopback interface. */
export async function startLandmark(options: LandmarkOptions): Promise<RunningLandmark> {
  const socket = createSocket('udp4')
  const sessions = new Map<string, Session>()
  const timers = new Set<NodeJS.Timeout>()
  const later = (ms: number, action: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      action()
    }, ms)
    timers.add(timer)
  }
  socket.on('message', (datagram, peer) => {
    // The first thing done with a datagram: whatever delays this stamp makes the disc larger, never smaller.
    const receivedAt = process.hrtime.bigint()
    receive({ options, socket, sessions, later }, new Uint8Array(datagram), peer, receivedAt)
  })
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve)
  })
  return {
    port: socket.address().port,
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer)
        socket.close(() => resolve())
      }),
  }
}

interface Station {
  readonly options: LandmarkOptions
  readonly socket: Socket
  readonly sessions: Map<string, Session>
  readonly later: (ms: number, action: () => void) => void
}

function receive(station: Station, datagram: Uint8Array, peer: RemoteInfo, receivedAt: bigint): void {
  const body = datagram.subarray(1)
  if (datagram[0] === kinds.hello) {
    openSession(station, new TextDecoder().decode(body), peer)
    return
  }
  const session = station.sessions.get(base64url(body.subarray(0, 16)))
  // Only whoever opened a session takes part in it.
  if (session === undefined || session.peer.address !== peer.address || session.peer.port !== peer.port) return
  const rest = body.subarray(16)
  if (datagram[0] === kinds.response) countRound(session, rest, receivedAt)
  // Echoed at once: the agent times it, so that a landmark which makes its numbers up is found out.
  if (datagram[0] === kinds.probe && rest.length === 16) send(station, session, kinds.echo, rest)
  if (datagram[0] === kinds.consent) finish(station, session, rest)
}

function send({ socket }: Station, session: Session, kind: number, body: Uint8Array): void {
  socket.send(join(Uint8Array.of(kind), session.id, body), session.peer.port, session.peer.address)
}

/** The key is the agent's word here. That it belongs to a device is for the verifier to find out. */
function openSession(station: Station, hello: string, peer: RemoteInfo): void {
  const { options, sessions, socket, later } = station
  const claims = peekJws(hello)
  const jwk = readJwk(claims?.['jwk'])
  if (jwk === undefined || sessions.size >= maxSessions) return
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const signed = openJws(hello, 'gpuloc-hello', key)
  const evidence = readBytes(signed?.['ev'], 32)
  const verifierNonce = readBytes(signed?.['n_v'], 32)
  const agentNonce = readBytes(signed?.['n_a'], 16)
  const audience = signed?.['aud']
  if (evidence === undefined || verifierNonce === undefined || agentNonce === undefined) return
  if (typeof audience !== 'string' || signed?.['kid'] !== base64url(options.identity.thumbprint)) return
  const landmarkNonce = new Uint8Array(randomBytes(16))
  const id = sessionId(evidence, options.identity.thumbprint, agentNonce, landmarkNonce)
  const firstRound = seconds(options.now())
  const session: Session = {
    ...{ id, peer, key, jwk, evidence, verifierNonce, agentNonce, landmarkNonce, audience, firstRound },
    lastRound: firstRound,
    open: undefined,
    previous: new Uint8Array(32),
    rttNs: [],
    sent: 0,
    finished: false,
  }
  sessions.set(base64url(id), session)
  later(sessionLifetimeMs, () => sessions.delete(base64url(id)))
  const open = { sid: base64url(id), n_a: base64url(agentNonce), n_l: base64url(landmarkNonce), rounds: options.rounds }
  const jws = new TextEncoder().encode(signJws(options.identity, 'gpuloc-open', open))
  socket.send(join(Uint8Array.of(kinds.open), jws), peer.port, peer.address)
  later(options.spacingMs, () => startRound(station, session))
}

function startRound(station: Station, session: Session): void {
  const { rounds, spacingMs, now } = station.options
  session.lastRound = seconds(now())
  if (session.sent === rounds) {
    session.open = undefined
    const counts = [uint32(session.sent), uint32(session.rttNs.length)]
    if (session.rttNs.length > 0) send(station, session, kinds.summary, join(session.previous, ...counts))
    return
  }
  const index = session.sent + 1
  session.sent = index
  // Unpredictable, and drawn only now: nobody can answer before it was sent.
  const challenge = new Uint8Array(randomBytes(32))
  const body = join(uint32(index), challenge, session.previous)
  // Stamped before sending: again the error is on the side of a larger disc.
  session.open = { index, challenge, sentAt: process.hrtime.bigint() }
  send(station, session, kinds.challenge, body)
  station.later(spacingMs, () => startRound(station, session))
}

function countRound(session: Session, body: Uint8Array, receivedAt: bigint): void {
  const [index, signature] = fields(body, 4, 64) ?? []
  const { open } = session
  if (index === undefined || signature === undefined || open?.index !== readUint32(index)) return
  const data = roundMessage(session.id, open.index, open.challenge, session.previous)
  // Checked after the stamp, so that checking costs the agent nothing. A wrong answer does not close the round.
  if (!verify(null, data, session.key, signature)) return
  session.open = undefined
  session.rttNs.push(Number(receivedAt - open.sentAt))
  session.previous = chainAfter(session.previous, open.index, open.challenge, signature)
}

/** Without the agent's signature over the transcript there is no token. */
function finish(station: Station, session: Session, body: Uint8Array): void {
  const [rtt, signature] = fields(body, 8, 64) ?? []
  if (rtt === undefined || signature === undefined || session.rttNs.length === 0) return
  if (session.sent < station.options.rounds) return
  const agentRttMinNs = readUint64(rtt)
  const { id, previous, sent, rttNs, key } = session
  if (!verify(null, consentMessage(id, previous, sent, rttNs.length, agentRttMinNs), key, signature)) return
  const token = new TextEncoder().encode(
    signJws(
      station.options.identity,
      'application/gpuloc-meas+jwt',
      claimsOf(station.options, session, agentRttMinNs, signature),
    ),
  )
  const room = maxDatagramLength - 19
  const parts = Math.ceil(token.length / room)
  for (let part = 0; part < parts; part++)
    send(
      station,
      session,
      kinds.token,
      join(Uint8Array.of(part, parts), token.subarray(part * room, (part + 1) * room)),
    )
}

function claimsOf(options: LandmarkOptions, session: Session, agentRttMinNs: bigint, consent: Uint8Array): object {
  const { id, jwk, rttNs, sent, firstRound, lastRound } = session
  const issuedAt = seconds(options.now())
  const thumbprint = base64url(thumbprintOf(jwk))
  return {
    eat_profile: profile,
    iss: `urn:example:landmark:${options.name}`,
    sub: `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${thumbprint}`,
    aud: session.audience,
    iat: issuedAt,
    exp: issuedAt + 3600,
    jti: base64url(id),
    eat_nonce: [base64url(session.verifierNonce), base64url(session.agentNonce)],
    cnf: { jkt: thumbprint },
    ev: base64url(session.evidence),
    sid: base64url(id),
    n_l: base64url(session.landmarkNonce),
    location: { latitude: options.latitude, longitude: options.longitude },
    pos_unc: options.positionUncertaintyMeters,
    window: [firstRound, lastRound],
    rtt_min: Math.min(...rttNs),
    rtt: rttNs,
    sent,
    recv: rttNs.length,
    ts_src: 'user',
    responder: 'session-key',
    xscript: base64url(session.previous),
    xsig: base64url(consent),
    clk: { src: 'ntp', err_ms: 100 },
    ...(agentRttMinNs === 0n ? {} : { agent_rtt_min: Number(agentRttMinNs) }),
  }
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
