// Splits SubjectPublicKeyInfo and AlgorithmIdentifier written by another implementation, by an independent ASN.1 reader.
import * as asn1 from 'asn1js'
import type { SpkiParts } from '../../src/crypto/key.js'

function read(der: Uint8Array): asn1.Sequence {
  const { offset, result } = asn1.fromBER(der)
  if (offset !== der.length || !(result instanceof asn1.Sequence)) throw new Error('not a SEQUENCE')
  return result
}

function algorithmParts(sequence: unknown): { readonly oid: string; readonly parameters: Uint8Array | undefined } {
  if (!(sequence instanceof asn1.Sequence)) throw new Error('not a SEQUENCE')
  const [oid, parameters] = sequence.valueBlock.value
  if (!(oid instanceof asn1.ObjectIdentifier)) throw new Error('no OID')
  return {
    oid: oid.valueBlock.toString(),
    parameters: parameters === undefined ? undefined : new Uint8Array(parameters.toBER()),
  }
}

export function splitSpki(der: Uint8Array): SpkiParts {
  const [algorithm, bits] = read(der).valueBlock.value
  const { oid, parameters } = algorithmParts(algorithm)
  if (!(bits instanceof asn1.BitString)) throw new Error('no BIT STRING')
  return { algorithmOid: oid, parameters, keyBits: bits.valueBlock.valueHexView.slice() }
}
