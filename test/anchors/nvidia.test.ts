import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nvidiaTrustAnchors } from '../../src/anchors/nvidia.js'
import { describeName } from '../../src/x509/name.js'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('nvidiaTrustAnchors', () => {
  // SHA-256 of the SubjectPublicKeyInfo of the published root certificates.
  it('holds the device root', () => {
    expect(nvidiaTrustAnchors.device.map(({ name, spki }) => [describeName(name), sha256(spki)])).toEqual([
      ['CN=NVIDIA Device Identity CA, O=NVIDIA', 'a90c4eb5acfd3e3d03a25db6a26b84f720ad0503196c627c21ddd48dd85b06a4'],
    ])
  })

  it('holds the manifest root', () => {
    expect(nvidiaTrustAnchors.manifest.map(({ name, spki }) => [describeName(name), sha256(spki)])).toEqual([
      [
        'C=US, O=NVIDIA, CN=NVIDIA CoRIM signing Root CA',
        'dec1dc316477aa851eebdf51327ae9f864bc8d89254657ed1e7eb9168af1e1a3',
      ],
    ])
  })

  it('cannot be changed', () => {
    for (const part of [nvidiaTrustAnchors, nvidiaTrustAnchors.device, nvidiaTrustAnchors.manifest])
      expect(Object.isFrozen(part)).toBe(true)
  })
})
