// Reports of the synthetic world: layout as DSP0274 and the vendor lay it down, signatures as Node judges them.
import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  createSyntheticWorld,
  flipBits,
  opaqueFields,
  type SyntheticDevice,
  truncateBytes,
} from '../../src/testing/index.js'

const world = createSyntheticWorld({ seed: 'device' })
const signatureLength = 96

function signatureHolds({ report, chain }: Pick<SyntheticDevice, 'report' | 'chain'>): boolean {
  const { publicKey } = new X509Certificate(chain.leaf.der)
  const cut = report.length - signatureLength
  return verify('sha384', report.subarray(0, cut), { key: publicKey, dsaEncoding: 'ieee-p1363' }, report.subarray(cut))
}

function lengths({ report }: SyntheticDevice): readonly [record: number, opaque: number] {
  const buffer = Buffer.from(report)
  const record = buffer.readUIntLE(42, 3)
  return [record, buffer.readUInt16LE(77 + record)]
}

/** Type, length, value of the legacy layout, read afresh. */
function legacyFields(device: SyntheticDevice): ReadonlyMap<number, Buffer> {
  const [record, length] = lengths(device)
  const opaque = Buffer.from(device.report).subarray(79 + record, 79 + record + length)
  const fields = new Map<number, Buffer>()
  for (let at = 0; at < opaque.length; ) {
    const size = opaque.readUInt16LE(at + 2)
    fields.set(opaque.readUInt16LE(at), opaque.subarray(at + 4, at + 4 + size))
    at += 4 + size
  }
  return fields
}

describe.each([
  ['hopper', world.hopper(), 3520, 64],
  ['blackwell', world.blackwell(), 3520, 64],
  ['gb20x', world.gb20x(), 3520, 64],
  ['versioned hopper', world.versionedHopper(), 3520, 64],
  ['ls10', world.ls10(), 1705, 31],
  ['fsp', world.fsp(), 1842, 52],
] as const)('report of %s', (_, device, recordLength, blocks) => {
  it('is signed by the leaf key over everything before the signature', () => {
    expect(signatureHolds(device)).toBe(true)
    expect(signatureHolds({ ...device, report: flipBits(device.report, 50) })).toBe(false)
  })

  it('has the lengths of genuine reports', () => {
    const [record, opaque] = lengths(device)
    expect(record).toBe(recordLength)
    expect(device.report[41]).toBe(blocks)
    expect(device.report.length).toBe(175 + record + opaque)
    expect(Buffer.from(device.report.subarray(0, 4)).toString('hex')).toBe('11e001ff')
    expect(Buffer.from(device.report.subarray(36, 41)).toString('hex')).toBe('0011600000')
  })

  it('carries the challenge nonce at offset 4', () => {
    expect(device.report.subarray(4, 36)).toEqual(device.nonce)
  })
})

describe('opaque data', () => {
  it('holds the Hopper fields in their published order', () => {
    expect([...legacyFields(world.hopper()).keys()]).toEqual([
      6, 14, 15, 16, 17, 18, 19, 3, 4, 12, 13, 11, 20, 21, 34, 36,
    ])
  })

  it('writes versions as devices do', () => {
    const fields = legacyFields(world.hopper({ vbiosVersion: '96.00.D9.00.0F', driverVersion: '620.12' }))
    expect(fields.get(6)?.toString('hex')).toBe('00d900960f000000')
    expect(fields.get(3)?.toString('latin1')).toBe('620.12\0')
    expect(
      legacyFields(world.ls10({ vbiosVersion: '96.10.55.00.01' }))
        .get(6)
        ?.toString('latin1'),
    ).toBe('96.10.55.00.01')
  })

  it('states the mode', () => {
    expect(
      legacyFields(world.blackwell({ mode: 'mpt' }))
        .get(36)
        ?.toString('hex'),
    ).toBe('0100')
    expect(legacyFields(world.hopper()).get(21)?.toString('hex')).toBe('55')
  })

  it('announces the versioned layout', () => {
    const device = world.versionedHopper()
    const [record] = lengths(device)
    expect(Buffer.from(device.report.subarray(79 + record, 91 + record)).toString('hex')).toBe(
      '4e5644414f44000002000000',
    )
  })

  it('takes overrides, removals and additions', () => {
    const fields = legacyFields(
      world.hopper({
        opaque: { [opaqueFields.boardId]: Uint8Array.of(9), [opaqueFields.fwid]: null, 200: Uint8Array.of(7) },
      }),
    )
    expect(fields.get(14)).toEqual(Buffer.of(9))
    expect(fields.has(20)).toBe(false)
    expect([...fields.keys()].at(-1)).toBe(200)
  })
})

describe('mutations', () => {
  it('of a measurement keep the signature genuine', () => {
    const value = new Uint8Array(48).fill(0xee)
    const tampered = world.hopper({ measurements: { 9: value } })
    expect(signatureHolds(tampered)).toBe(true)
    expect(tampered.report.subarray(45 + 9 * 55 + 7, 45 + 10 * 55)).toEqual(value)
    expect(tampered.references.firmware.get(9)).toEqual(world.hopper().references.firmware.get(9))
  })

  it('of the transcript are signed, of the report are not', () => {
    const signedOddity = world.hopper({ report: { transcript: (bytes) => flipBits(bytes, 60) } })
    expect(signatureHolds(signedOddity)).toBe(true)
    expect(signedOddity.report).not.toEqual(world.hopper().report)
    const shortened = world.hopper({ report: { report: (bytes) => truncateBytes(bytes) } })
    expect(shortened.report.length).toBe(world.hopper().report.length - 1)
    expect(signatureHolds(shortened)).toBe(false)
  })

  it('of the signing key are somebody else’s signature', () => {
    const key = world.key('impostor')
    const forged = world.hopper({ reportKey: key })
    expect(signatureHolds(forged)).toBe(false)
    const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' })
    const cut = forged.report.length - signatureLength
    expect(
      verify(
        'sha384',
        forged.report.subarray(0, cut),
        { key: publicKey, dsaEncoding: 'ieee-p1363' },
        forged.report.subarray(cut),
      ),
    ).toBe(true)
  })
})

describe('nodes', () => {
  const node = world.ppcieNode()

  it('have GPUs that name the four switches, bytes reversed', () => {
    const switches = new Set(node.switches.map(({ pdi }) => Buffer.from(pdi).toString('hex')))
    for (const gpu of node.gpus) {
      const links = legacyFields(gpu).get(22) ?? Buffer.alloc(0)
      expect(links.length).toBe(144)
      const named = new Set(
        Array.from({ length: 18 }, (_, i) =>
          Buffer.from(links.subarray(8 * i, 8 * i + 8))
            .reverse()
            .toString('hex'),
        ),
      )
      expect(named).toEqual(switches)
    }
    expect(switches.size).toBe(4)
  })

  it('have switches that name the eight GPUs, bytes in order', () => {
    const gpus = node.gpus.map(({ pdi }) => Buffer.from(pdi).toString('hex'))
    for (const device of node.switches) {
      const fields = legacyFields(device)
      const list = fields.get(26) ?? Buffer.alloc(0)
      expect(Array.from({ length: 8 }, (_, i) => list.subarray(8 * i, 8 * i + 8).toString('hex'))).toEqual(gpus)
      expect(fields.get(22)).toEqual(Buffer.from(device.pdi))
    }
    expect(new Set(gpus).size).toBe(8)
  })

  it('share one nonce among distinct devices', () => {
    expect(new Set(node.devices.map(({ nonce }) => Buffer.from(nonce).toString('hex'))).size).toBe(1)
    expect(new Set(node.devices.map(({ ueid }) => ueid)).size).toBe(12)
    const mpt = world.mptNode()
    expect(mpt.gpus.map((gpu) => legacyFields(gpu).get(36)?.toString('hex'))).toEqual(Array(8).fill('0100'))
  })
})
