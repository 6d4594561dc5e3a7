// Reads options and files for the commands; every mistake names the option.
import { readFileSync } from 'node:fs'
import type { Bytes } from '../bytes/bytes.js'
import { UsageError } from './usage.js'

/** Generous for any evidence file (128 devices), small enough to never exhaust memory. */
const maxFileBytes = 64 * 1024 * 1024

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

/** `--now`: an ISO 8601 instant with its zone; a bare date would mean different instants in different places. */
export function parseInstant(text: string | undefined, option: string): Date {
  if (text === undefined) return new Date()
  const instant = new Date(text)
  if (!/^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(instant.getTime())) {
    throw new UsageError(`${option} must be an instant such as 2026-11-23T12:00:00Z`)
  }
  return instant
}

export function parseNonce(text: string | undefined): Bytes {
  if (text === undefined) throw new UsageError('--nonce is missing: pass the nonce you asked the device to sign')
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (!/^[0-9a-fA-F]{64}$/.test(digits)) throw new UsageError('--nonce must be 32 bytes in hexadecimal (64 digits)')
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}
