import { describe, expect, it } from 'vitest'
import { parsePem } from '../../src/encoding/pem.js'
import { refusal } from './refusal.js'

const block = (body: string, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`

describe('parsePem', () => {
  it('reads blocks in order with their labels', () => {
    expect(parsePem(block('AAEC') + block('/w==', 'X509 CRL'), 'pem')).toEqual([
      { label: 'CERTIFICATE', bytes: Uint8Array.of(0, 1, 2) },
      { label: 'X509 CRL', bytes: Uint8Array.of(255) },
    ])
  })

  it('joins lines of any length, and takes CRLF, blank lines between blocks and no final newline', () => {
    const text = `\r\n${block('AA\nEC').replaceAll('\n', '\r\n')}\n\n${block('AAEC').trimEnd()}`
    expect(parsePem(text, 'pem').map(({ bytes }) => [...bytes])).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ])
  })

  it.each([
    ['nothing', '', 'pem/no-block', 'pem'],
    ['blank lines only', '\n \n', 'pem/no-block', 'pem'],
    ['words before', `hello\n${block('AAEC')}`, 'pem/outside', 'pem[0]'],
    ['words after', `${block('AAEC')}hello`, 'pem/outside', 'pem[1]'],
    ['an indented BEGIN line', ` ${block('AAEC')}`, 'pem/outside', 'pem[0]'],
    ['a lower-case label', block('AAEC', 'certificate'), 'pem/outside', 'pem[0]'],
    ['an empty label', block('AAEC', ''), 'pem/outside', 'pem[0]'],
    ['an END line alone', '-----END CERTIFICATE-----', 'pem/outside', 'pem[0]'],
    ['a block that is cut off', '-----BEGIN CERTIFICATE-----\nAAEC\n', 'pem/unfinished', 'pem[0]'],
    ['END of another label', block('AAEC').replace('END CERTIFICATE', 'END X509 CRL'), 'pem/label', 'pem[0]'],
    ['a block in a block', `-----BEGIN CERTIFICATE-----\n${block('AAEC')}`, 'pem/label', 'pem[0]'],
    ['headers', block('Proc-Type: 4,ENCRYPTED\n\nAAEC'), 'encoding/base64', 'pem[0]'],
    ['a foreign character', block('AA*C'), 'encoding/base64', 'pem[0]'],
    ['a space inside a line', block('AA EC'), 'encoding/base64', 'pem[0]'],
    ['wrong padding', block('AAE'), 'encoding/base64', 'pem[0]'],
    ['spare bits', block('/x=='), 'encoding/base64', 'pem[0]'],
    ['padding in the middle', block('/w==\nAAEC'), 'encoding/base64', 'pem[0]'],
  ])('refuses %s', (_, text, code, at) => {
    expect(refusal(() => parsePem(text, 'pem'))).toMatchObject({ code, stage: 'parse', at })
  })

  it('bounds the number of blocks and the size of the text', () => {
    expect(parsePem(block('AAEC').repeat(128), 'pem').length).toBe(128)
    expect(refusal(() => parsePem(block('AAEC').repeat(129), 'pem'))).toMatchObject({
      code: 'pem/too-many',
      details: { limit: 128 },
    })
    expect(refusal(() => parsePem('\n'.repeat((1 << 20) + 1), 'pem')).code).toBe('bytes/too-large')
  })

  it('takes linear time on a long run of blanks', () => {
    const started = performance.now()
    expect(refusal(() => parsePem(`${' '.repeat(1_000_000)}x`, 'pem')).code).toBe('pem/outside')
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
