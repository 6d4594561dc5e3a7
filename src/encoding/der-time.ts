// Reads DER times in the forms RFC 5280 section 4.1.2.5 allows: UTC, to the second, nothing optional.

import { parseError } from '../result/error.js'
import { type DerCursor, derTag, joinPath, passElement, peekTag } from './der.js'

/**
 * GeneralizedTime as YYYYMMDDHHMMSSZ, up to 9999-12-31T23:59:59Z.
 * @throws AttestationError `der/time`
 */
export function readGeneralizedTime(cursor: DerCursor, field: string, tag: number = derTag.generalizedTime): Date {
  return readTime(cursor, field, tag, 4)
}

/**
 * Time of a certificate or CRL: UTCTime or GeneralizedTime. RFC 5280 wants UTCTime through 2049, but genuine device
 * certificates write 2020 as GeneralizedTime; the meaning is the same, so both are read.
 * @throws AttestationError `der/time`
 */
export function readValidityTime(cursor: DerCursor, field: string): Date {
  return peekTag(cursor) === derTag.utcTime
    ? readTime(cursor, field, derTag.utcTime, 2)
    : readGeneralizedTime(cursor, field)
}

function readTime(cursor: DerCursor, field: string, tag: number, yearDigits: 2 | 4): Date {
  const { bytes } = cursor
  const start = passElement(cursor, tag, field)
  const refuse = (reason: 'form' | 'range'): ReturnType<typeof parseError> =>
    parseError('der/time', joinPath(cursor.path, field), { reason })
  const last = yearDigits + 10
  if (cursor.position - start !== last + 1 || bytes[start + last] !== 0x5a) throw refuse('form')
  for (let i = 0; i < last; i++) {
    const octet = bytes[start + i] ?? 0
    if (octet < 0x30 || octet > 0x39) throw refuse('form')
  }
  const two = (i: number): number => ((bytes[start + i] ?? 0) - 0x30) * 10 + (bytes[start + i + 1] ?? 0) - 0x30
  const short = two(0)
  const year = yearDigits === 4 ? short * 100 + two(2) : short + (short < 50 ? 2000 : 1900)
  const month = two(yearDigits)
  const day = two(yearDigits + 2)
  const hour = two(yearDigits + 4)
  const minute = two(yearDigits + 6)
  const second = two(yearDigits + 8)
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // Date.UTC carries overflow into the next unit and moves years below 100; either shows as a date that differs.
  const exact =
    time.getUTCFullYear() === year && time.getUTCMonth() === month - 1 && time.getUTCDate() === day && month > 0
  if (!exact || hour > 23 || minute > 59 || second > 59) throw refuse('range')
  return time
}
