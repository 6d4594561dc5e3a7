// Values into DER (X.690), encoded by asn1js so that the library's own DER reader meets an encoder it shares no code with.
import {
  type BaseBlock,
  BitString,
  Boolean as DerBoolean,
  Enumerated,
  GeneralizedTime,
  IA5String,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  PrintableString,
  UTCTime,
  Utf8String,
} from 'asn1js'
import { type Bytes, concatBytes, copyBytes } from '../bytes/bytes.js'

const universalClass = 1
const contextClass = 3

function encode(block: BaseBlock): Uint8Array<ArrayBuffer> {
  return new Uint8Array(block.toBER(false))
}

/** A value of any tag around bytes given as they are, well-formed or not. */
export function tagged(tagClass: number, tagNumber: number, constructed: boolean, content: Bytes): Bytes {
  const block = new Primitive({ idBlock: { tagClass, tagNumber }, valueHex: copyBytes(content) })
  block.idBlock.isConstructed = constructed
  return encode(block)
}

export function sequence(...items: readonly Bytes[]): Bytes {
  return tagged(universalClass, 16, true, concatBytes(...items))
}

/** Members in the order given: sort them first where DER demands it. */
export function set(...items: readonly Bytes[]): Bytes {
  return tagged(universalClass, 17, true, concatBytes(...items))
}

/** `[tagNumber] { items }`: explicit tagging, or implicit tagging of something constructed. */
export function contextConstructed(tagNumber: number, ...items: readonly Bytes[]): Bytes {
  return tagged(contextClass, tagNumber, true, concatBytes(...items))
}

/** `[tagNumber] IMPLICIT` around the content octets of something primitive. */
export function contextPrimitive(tagNumber: number, content: Bytes): Bytes {
  return tagged(contextClass, tagNumber, false, content)
}

export function integer(value: number | bigint): Bytes {
  return encode(Integer.fromBigInt(value))
}

/** An INTEGER with exactly these content octets. */
export function integerOctets(content: Bytes): Bytes {
  return tagged(universalClass, 2, false, content)
}

export function enumerated(value: number): Bytes {
  return encode(new Enumerated({ value }))
}

export function objectIdentifier(value: string): Bytes {
  return encode(new ObjectIdentifier({ value }))
}

export function octetString(content: Bytes): Bytes {
  return encode(new OctetString({ valueHex: copyBytes(content) }))
}

export function bitString(content: Bytes, unusedBits = 0): Bytes {
  return encode(new BitString({ valueHex: copyBytes(content), unusedBits }))
}

/** A BIT STRING of named bits (X.690 section 11.2.2): trailing zero bits dropped. */
export function namedBits(bits: readonly number[]): Bytes {
  const last = bits.length === 0 ? -1 : Math.max(...bits)
  const content = new Uint8Array(Math.floor(last / 8) + 1)
  for (const bit of bits) content[bit >> 3] = (content[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return bitString(content, last < 0 ? 0 : 7 - (last & 7))
}

export function boolean(value: boolean): Bytes {
  return encode(new DerBoolean({ value }))
}

export function nullValue(): Bytes {
  return encode(new Null())
}

export function utf8String(value: string): Bytes {
  return encode(new Utf8String({ value }))
}

export function printableString(value: string): Bytes {
  return encode(new PrintableString({ value }))
}

export function ia5String(value: string): Bytes {
  return encode(new IA5String({ value }))
}

export function utcTime(date: Date): Bytes {
  return encode(new UTCTime({ valueDate: date }))
}

export function generalizedTime(date: Date): Bytes {
  return encode(new GeneralizedTime({ valueDate: date }))
}

/** Time as RFC 5280 section 4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime after. */
export function time(date: Date): Bytes {
  const year = date.getUTCFullYear()
  return year >= 1950 && year < 2050 ? utcTime(date) : generalizedTime(date)
}
