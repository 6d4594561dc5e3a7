// The datagrams between agent and landmark, and the byte strings that are hashed and signed. Nothing else is shared.
import { createHash } from 'node:crypto'

/** `eat_profile` of every message. */
export const profile = 'tag:gpu-attestation.example,2026:gpu-location#1'

/** First byte of a datagram. */
export const kinds = {
  hello: 1,
  open: 2,
  challenge: 3,
  response: 4,
  probe: 5,
  echo: 6,
  summary: 7,
  consent: 8,
  token: 9,
} as const

/** A datagram must not be fragmented on any path: the minimum MTU of IPv6 less headers. */
export const maxDatagramLength = 1200

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** `domain`, a zero byte, the parts: what is made for one purpose can serve no other. */
export function domainBytes(domain: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return join(new TextEncoder().encode(domain), Uint8Array.of(0), ...parts)
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

/** What an agent signs in one round. `previous` chains it to all rounds that were counted before. */
export function roundMessage(
  session: Uint8Array,
  index: number,
  challenge: Uint8Array,
  previous: Uint8Array,
): Uint8Array {
  return domainBytes('gpuloc/round/v1', session, uint32(index), challenge, previous)
}

/** The chain after a round was counted. */
export function chainAfter(
  previous: Uint8Array,
  index: number,
  challenge: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  return sha256(domainBytes('gpuloc/chain/v1', previous, uint32(index), challenge, signature))
}

/** What an agent signs when it agrees with the transcript. */
export function consentMessage(
  session: Uint8Array,
  transcript: Uint8Array,
  sent: number,
  received: number,
  agentRttMinNs: bigint,
): Uint8Array {
  return domainBytes('gpuloc/xscript/v1', session, transcript, uint32(sent), uint32(received), uint64(agentRttMinNs))
}

/** Ties a session to evidence, landmark and both nonces. */
export function sessionId(
  evidence: Uint8Array,
  landmarkThumbprint: Uint8Array,
  agentNonce: Uint8Array,
  landmarkNonce: Uint8Array,
): Uint8Array {
  return sha256(domainBytes('gpuloc/sid/v1', evidence, landmarkThumbprint, agentNonce, landmarkNonce)).subarray(0, 16)
}

/** Reads fixed-length fields one after another; undefined if the length is not exactly theirs. */
export function fields(bytes: Uint8Array, ...lengths: readonly number[]): readonly Uint8Array[] | undefined {
  if (bytes.length !== lengths.reduce((sum, length) => sum + length, 0)) return undefined
  let offset = 0
  return lengths.map((length) => {
    offset += length
    return bytes.subarray(offset - length, offset)
  })
}

export function readUint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
}

export function readUint64(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
