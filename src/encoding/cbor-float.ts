// Which binary floating point width holds a value exactly, for the shortest-form rule of RFC 8949 section 4.2.1.

/** True if IEEE 754 binary16 holds `value`, which must be a binary32 value, without loss. */
export function fitsBinary16(value: number): boolean {
  if (value === 0 || !Number.isFinite(value)) return true
  const bits = binary32Bits(value)
  const exponent = ((bits >>> 23) & 255) - 127
  const fraction = bits & 0x7fffff
  if (exponent > 15 || exponent < -24) return false
  // Normal numbers keep 10 of 23 fraction bits; below 2^-14 each step down costs one more, the implied one included.
  if (exponent >= -14) return (fraction & 0x1fff) === 0
  return ((fraction | 0x800000) & ((1 << (-1 - exponent)) - 1)) === 0
}

/** The 16 bits of a value for which {@link fitsBinary16} holds. */
export function binary16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00
  const bits = binary32Bits(value)
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 255) - 127
  const fraction = bits & 0x7fffff
  if (exponent === 128) return sign | 0x7c00
  if (exponent >= -14) return sign | ((exponent + 15) << 10) | (fraction >> 13)
  return exponent === -127 ? sign : sign | ((fraction | 0x800000) >> (-1 - exponent))
}

function binary32Bits(value: number): number {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return view.getUint32(0)
}
