// Failures of the readers: bytes, text encodings, DER, PEM, JSON, CBOR, XML.
import type { FailureGuide, None } from './table.js'

export interface EncodingFailures {
  readonly parse: {
    readonly 'bytes/truncated': { readonly needed: number; readonly available: number }
    readonly 'bytes/trailing': { readonly extra: number }
    readonly 'bytes/too-large': { readonly limit: number; readonly actual: number }
    readonly 'encoding/hex': { readonly reason: 'odd-length' | 'not-hex' }
    readonly 'encoding/base64': { readonly reason: 'alphabet' | 'padding' | 'length' | 'non-canonical' }
    readonly 'encoding/utf8': None
    readonly 'encoding/ascii': { readonly offset: number }
  }
  readonly verify: None
  readonly appraise: None
  readonly collect: None
}

export const encodingGuide: FailureGuide<EncodingFailures> = {
  parse: {
    'bytes/truncated': {
      meaning: 'The input ends before the structure it announces.',
      action: 'fix-input',
      next: 'Transfer or export the input again; it was cut short.',
    },
    'bytes/trailing': {
      meaning: 'Bytes follow the end of the structure.',
      action: 'fix-input',
      next: 'Pass exactly one message; find out what added the extra bytes.',
    },
    'bytes/too-large': {
      meaning: 'The input is larger than the limit that bounds the work done on it.',
      action: 'fix-input',
      next: 'Check that this is the right file; genuine inputs stay far below the limit.',
    },
    'encoding/hex': {
      meaning: 'A hexadecimal text has an odd number of digits or a character that is no digit.',
      action: 'fix-input',
      next: 'Pass plain hexadecimal digits, two per byte, no separators.',
    },
    'encoding/base64': {
      meaning: 'A base64 text has a foreign character, wrong padding, an impossible length or spare bits.',
      action: 'fix-input',
      next: 'Encode the bytes again with the alphabet the field asks for.',
    },
    'encoding/utf8': {
      meaning: 'A text is not valid UTF-8.',
      action: 'fix-input',
      next: 'Save the text as UTF-8.',
    },
    'encoding/ascii': {
      meaning: 'A text field holds a character outside printable ASCII.',
      action: 'fix-input',
      next: 'Export the field again; it was damaged or is not text.',
    },
  },
  verify: {},
  appraise: {},
  collect: {},
}
