// Reads options and files for the commands; every mistake names the option.
import { readFileSync } from 'node:fs'
import { hgxProtectedPcie, type NodeExpectation } from '../appraise/node.js'
import type { Bytes } from '../bytes/bytes.js'
import { UsageError } from './usage.js'

/** Generous for any evidence file (128 devices), small enough to never exhaust memory. */
const maxFileBytes = 64 * 1024 * 1024

/** As many as one evidence file may hold. */
const maxGpus = 128

export function readInput(path: string): Bytes {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    throw new UsageError(`cannot read ${path}: ${reason}`, { cause })
  }
  if (bytes.length > maxFileBytes) throw new UsageError(`${path} is larger than ${maxFileBytes} bytes`)
  return bytes
}

export function readTextInput(path: string): string {
  return new TextDecoder().decode(readInput(path))
}

const clock = '([01]\\d|2[0-3]):[0-5]\\d'
const instantPattern = new RegExp(`^\\d{4}-\\d{2}-\\d{2}T${clock}(:[0-5]\\d(\\.\\d{1,9})?)?(Z|[+-]${clock})$`)

/** An ISO 8601 instant with its zone: a bare date would mean different instants in different places. */
export function parseInstant(text: string | undefined, option: string): Date {
  if (text === undefined) return new Date()
  const instant = new Date(text)
  const date = text.slice(0, 10)
  // JavaScript takes the 30th of February for the 2nd of March.
  const midnight = new Date(`${date}T00:00:00Z`)
  const isDate = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date)
  if (!instantPattern.test(text) || !isDate || Number.isNaN(instant.getTime()))
    throw new UsageError(`${option} must be an instant such as 2026-11-23T12:00:00Z`)
  return instant
}

/**
 * `--node` and `--gpus`: what the machine must consist of. Never read off the evidence, from which a device may be missing;
 * NVIDIA defines Protected PCIe for one size only.
 */
export function parseNode(mode: string | undefined, gpus: string | undefined): NodeExpectation | undefined {
  if (mode === undefined) {
    if (gpus !== undefined) throw new UsageError('--gpus goes with --node mpt')
    return undefined
  }
  if (mode === 'ppcie') {
    if (gpus === undefined) return hgxProtectedPcie
    throw new UsageError('--gpus goes with --node mpt; a Protected PCIe node has 8 GPUs and 4 switches')
  }
  if (mode !== 'mpt') throw new UsageError('--node must be ppcie or mpt')
  if (gpus === undefined) throw new UsageError('--node mpt needs --gpus N: how many GPUs the machine has')
  const count = /^\d{1,3}$/.test(gpus) ? Number(gpus) : 0
  if (!(count >= 2 && count <= maxGpus)) throw new UsageError(`--gpus must be a number from 2 to ${maxGpus}`)
  return { mode, gpus: count, switches: 0 }
}

export function parseNonce(text: string | undefined, option = '--nonce'): Bytes {
  if (text === undefined) throw new UsageError(`${option} is missing: pass the nonce you asked the device to sign`)
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (!/^[0-9a-fA-F]{64}$/.test(digits)) throw new UsageError(`${option} must be 32 bytes in hexadecimal (64 digits)`)
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}
