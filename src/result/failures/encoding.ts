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
    readonly 'der/missing': { readonly expected: number }
    readonly 'der/tag': { readonly expected: number; readonly actual: number }
    readonly 'der/high-tag': { readonly actual: number }
    readonly 'der/length': { readonly reason: 'indefinite' | 'non-minimal' | 'too-long' }
    readonly 'der/too-deep': { readonly limit: number }
    readonly 'der/boolean': None
    readonly 'der/default': None
    readonly 'der/integer': { readonly reason: 'empty' | 'non-minimal' | 'negative' | 'too-large' }
    readonly 'der/null': None
    readonly 'der/oid': { readonly reason: 'empty' | 'too-long' | 'unfinished' | 'non-minimal' }
    readonly 'der/bit-string': { readonly reason: 'empty' | 'unused-bits' | 'non-minimal' | 'too-long' }
    readonly 'der/time': { readonly reason: 'form' | 'range' }
    readonly 'der/empty-list': None
    readonly 'der/too-many': { readonly limit: number }
    readonly 'der/set-order': None
    readonly 'pem/no-block': None
    readonly 'pem/outside': None
    readonly 'pem/unfinished': { readonly label: string }
    readonly 'pem/label': { readonly expected: string }
    readonly 'pem/too-many': { readonly limit: number }
    readonly 'json/syntax': { readonly offset: number }
    readonly 'json/duplicate-name': { readonly name: string }
    readonly 'json/surrogate': None
    readonly 'json/number': { readonly text: string }
    readonly 'json/depth': { readonly limit: number }
    readonly 'json/values': { readonly limit: number }
    readonly 'json/missing': { readonly expected: string }
    readonly 'json/type': { readonly expected: string; readonly actual: string }
    readonly 'cbor/depth': { readonly limit: number }
    readonly 'cbor/values': { readonly limit: number }
    readonly 'cbor/indefinite': { readonly offset: number }
    readonly 'cbor/reserved': { readonly offset: number; readonly initialByte: number }
    readonly 'cbor/integer-form': { readonly offset: number }
    readonly 'cbor/float-form': { readonly offset: number }
    readonly 'cbor/simple': { readonly offset: number }
    readonly 'cbor/key-type': { readonly offset: number }
    readonly 'cbor/key-order': { readonly key: string }
    readonly 'cbor/duplicate-key': { readonly key: string }
    'xml/encoding': { readonly found: string }
    'xml/declaration': None
    'xml/syntax': { readonly offset: number; readonly expected: string }
    'xml/character': { readonly offset: number; readonly codePoint: number }
    'xml/entity': { readonly offset: number; readonly name: string }
    'xml/doctype': { readonly offset: number }
    'xml/processing-instruction': { readonly offset: number }
    'xml/comment': { readonly offset: number }
    'xml/cdata': { readonly offset: number }
    'xml/tag-mismatch': { readonly opened: string; readonly closed: string }
    'xml/duplicate-attribute': { readonly name: string }
    'xml/undeclared-prefix': { readonly prefix: string }
    'xml/namespace': {
      readonly reason: 'reserved-prefix' | 'reserved-name' | 'empty-name' | 'relative-name' | 'not-a-uri'
      readonly prefix: string
    }
    'xml/limit': {
      readonly what: 'depth' | 'elements' | 'attributes' | 'namespaces' | 'name-length'
      readonly max: number
    }
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
    'der/missing': {
      meaning: 'A DER structure ends before a field it must have.',
      action: 'fix-input',
      next: 'Obtain the structure again from its issuer; the message names the missing field.',
    },
    'der/tag': {
      meaning: 'A DER field is of another type than its schema says.',
      action: 'fix-input',
      next: 'Check that this is the kind of file the call expects; if it is, ask its issuer for a correct one.',
    },
    'der/high-tag': {
      meaning: 'A DER element has a type number above 30, which no structure read here uses.',
      action: 'fix-input',
      next: 'Check that this is the kind of file the call expects.',
    },
    'der/length': {
      meaning: 'A DER length is indefinite, longer than it need be, or larger than 4 octets can say.',
      action: 'fix-input',
      next: 'Ask the issuer for DER; this is BER or damaged.',
    },
    'der/too-deep': {
      meaning: 'A DER structure nests deeper than any genuine one.',
      action: 'fix-input',
      next: 'Refuse the input; it was made to exhaust the reader.',
    },
    'der/boolean': {
      meaning: 'A DER truth value is neither 00 nor FF.',
      action: 'fix-input',
      next: 'Ask the issuer for DER; this is BER or damaged.',
    },
    'der/default': {
      meaning: 'A field spells out its default value, which DER forbids.',
      action: 'fix-input',
      next: 'Ask the issuer for DER; the encoder is not conforming.',
    },
    'der/integer': {
      meaning: 'A DER integer is empty, padded, negative where it must not be, or too large for its field.',
      action: 'fix-input',
      next: 'Ask the issuer for a correct encoding.',
    },
    'der/null': {
      meaning: 'A DER NULL has content.',
      action: 'fix-input',
      next: 'Ask the issuer for a correct encoding.',
    },
    'der/oid': {
      meaning: 'An object identifier is empty, padded, cut short or absurdly long.',
      action: 'fix-input',
      next: 'Ask the issuer for a correct encoding.',
    },
    'der/bit-string': {
      meaning: 'A DER bit string has spare bits where none may be, trailing zero bits, or too many bits.',
      action: 'fix-input',
      next: 'Ask the issuer for a correct encoding.',
    },
    'der/time': {
      meaning: 'A time is not a real date, or not in the form RFC 5280 prescribes for its year.',
      action: 'fix-input',
      next: 'Ask the issuer for a correct encoding.',
    },
    'der/empty-list': {
      meaning: 'A list that must have at least one element is empty.',
      action: 'fix-input',
      next: 'Ask the issuer for a correct encoding.',
    },
    'der/too-many': {
      meaning: 'A DER list has more elements than any genuine one.',
      action: 'fix-input',
      next: 'Refuse the input; it was made to exhaust the reader.',
    },
    'der/set-order': {
      meaning: 'The elements of a DER set are not in ascending order.',
      action: 'fix-input',
      next: 'Ask the issuer for DER; the encoder is not conforming.',
    },
    'pem/no-block': {
      meaning: 'A PEM text holds no block.',
      action: 'fix-input',
      next: 'Pass a text with at least one BEGIN line.',
    },
    'pem/outside': {
      meaning: 'A PEM text has words outside its blocks, or a BEGIN line of another form.',
      action: 'fix-input',
      next: 'Remove everything that is not between BEGIN and END lines.',
    },
    'pem/unfinished': {
      meaning: 'A PEM block has no END line.',
      action: 'fix-input',
      next: 'Transfer the file again; it was cut short.',
    },
    'pem/label': {
      meaning: 'A line inside a PEM block is neither base64 nor the END line that belongs to its BEGIN line.',
      action: 'fix-input',
      next: 'Restore the END line or remove the line.',
    },
    'pem/too-many': {
      meaning: 'A PEM text holds more blocks than the limit that bounds the work done on it.',
      action: 'fix-input',
      next: 'Check that this is the right file; split it if it is.',
    },
    'cbor/depth': {
      meaning: 'Arrays, maps and tags are nested deeper than the limit.',
      action: 'fix-input',
      next: 'Check that this is the right file; genuine tokens nest a few levels only.',
    },
    'cbor/values': {
      meaning: 'A message holds more items than any genuine one.',
      action: 'fix-input',
      next: 'Refuse the input; it was made to exhaust the reader.',
    },
    'cbor/indefinite': {
      meaning: 'A CBOR item has no stated length, which deterministic encoding forbids.',
      action: 'fix-input',
      next: 'Have the issuer encode with definite lengths (RFC 8949 section 4.2).',
    },
    'cbor/reserved': {
      meaning: 'A CBOR item starts with a byte that has no meaning.',
      action: 'fix-input',
      next: 'Transfer the bytes again; they are damaged or not CBOR.',
    },
    'cbor/integer-form': {
      meaning: 'A CBOR integer or length takes more bytes than it needs.',
      action: 'fix-input',
      next: 'Have the issuer use deterministic encoding (RFC 8949 section 4.2).',
    },
    'cbor/float-form': {
      meaning: 'A CBOR floating point number takes more bytes than it needs, or is an unusual not-a-number.',
      action: 'fix-input',
      next: 'Have the issuer use deterministic encoding (RFC 8949 section 4.2).',
    },
    'cbor/simple': {
      meaning: 'A CBOR simple value is none of false, true and null.',
      action: 'fix-input',
      next: 'Have the issuer leave out undefined and private simple values.',
    },
    'cbor/key-type': {
      meaning: 'A CBOR map has a key that is neither an integer nor text.',
      action: 'fix-input',
      next: 'Have the issuer use integer or text keys, as COSE, CWT and EAT do.',
    },
    'cbor/key-order': {
      meaning: 'The keys of a CBOR map are not in ascending order.',
      action: 'fix-input',
      next: 'Have the issuer sort map keys as deterministic encoding demands (RFC 8949 section 4.2).',
    },
    'cbor/duplicate-key': {
      meaning: 'A CBOR map states one key twice, so two readers could see different values.',
      action: 'fix-input',
      next: 'Do not use the input; have the issuer state each key once.',
    },
    'json/syntax': {
      meaning: 'The JSON text breaks the grammar of RFC 8259.',
      action: 'fix-input',
      next: 'Transfer or export the file again; it was cut short, edited, or is not JSON.',
    },
    'json/duplicate-name': {
      meaning: 'A JSON object has two members of one name, so that readers could disagree on its value.',
      action: 'stop',
      next: 'Do not use the document; find out who wrote it.',
    },
    'json/surrogate': {
      meaning: 'A JSON string holds half of a surrogate pair, which is no character.',
      action: 'fix-input',
      next: 'Export the document again; it was damaged.',
    },
    'json/number': {
      meaning: 'A JSON number cannot be held exactly: an integer beyond 2^53 - 1, or an overflow.',
      action: 'fix-input',
      next: 'Write large numbers as strings, or correct the value.',
    },
    'json/depth': {
      meaning: 'The JSON document nests deeper than the limit that bounds the work done on it.',
      action: 'fix-input',
      next: 'Check that this is the right file; genuine inputs nest a few levels.',
    },
    'json/values': {
      meaning: 'The JSON document has more values than the limit that bounds the memory spent on it.',
      action: 'fix-input',
      next: 'Check that this is the right file; genuine inputs stay far below the limit.',
    },
    'json/missing': {
      meaning: 'A member that must be there is not.',
      action: 'fix-input',
      next: 'Add the member, or pass the document the field asks for.',
    },
    'json/type': {
      meaning: 'A JSON value is of another type than its place asks for.',
      action: 'fix-input',
      next: 'Correct the value, or pass the document the field asks for.',
    },
    'xml/encoding': {
      meaning: 'The XML document is not in UTF-8, or starts with a byte order mark.',
      action: 'fix-input',
      next: 'Use the document as published; do not convert or save it again.',
    },
    'xml/declaration': {
      meaning: 'The XML declaration at the start of the document is malformed or asks for another version than 1.0.',
      action: 'fix-input',
      next: 'Use the document as published.',
    },
    'xml/syntax': {
      meaning: 'The XML document is not well-formed, or uses a name outside ASCII.',
      action: 'fix-input',
      next: 'Transfer the document again; it was cut short or damaged.',
    },
    'xml/character': {
      meaning: 'The XML document holds a character that XML 1.0 forbids, literally or as a reference.',
      action: 'fix-input',
      next: 'Transfer the document again; it was damaged.',
    },
    'xml/entity': {
      meaning: 'The XML document refers to an entity that is not one of the five predefined ones.',
      action: 'stop',
      next: 'Do not use the document: genuine ones need no entities, attacks on XML readers do.',
    },
    'xml/doctype': {
      meaning: 'The XML document has a document type declaration.',
      action: 'stop',
      next: 'Do not use the document: genuine ones have none, attacks on XML readers do.',
    },
    'xml/processing-instruction': {
      meaning: 'The XML document has a processing instruction.',
      action: 'stop',
      next: 'Do not use the document: genuine ones have none, and a reader may be misled by them.',
    },
    'xml/comment': {
      meaning: 'The XML document has a comment.',
      action: 'stop',
      next: 'Do not use the document: genuine ones have none, and comments can split values in two.',
    },
    'xml/cdata': {
      meaning: 'The XML document has a CDATA section.',
      action: 'stop',
      next: 'Do not use the document: genuine ones have none.',
    },
    'xml/tag-mismatch': {
      meaning: 'A closing tag does not close the element that is open.',
      action: 'fix-input',
      next: 'Transfer the document again; it was damaged.',
    },
    'xml/duplicate-attribute': {
      meaning: 'An element has two attributes of one name, or of one name in one namespace.',
      action: 'stop',
      next: 'Do not use the document: readers differ on which of the two counts.',
    },
    'xml/undeclared-prefix': {
      meaning: 'A namespace prefix is used where it is not declared.',
      action: 'fix-input',
      next: 'Use the whole document as published, not a part of it.',
    },
    'xml/namespace': {
      meaning: 'A namespace name is reserved, empty or no absolute URI, or the reserved prefix "xml" is used.',
      action: 'stop',
      next: 'Do not use the document: genuine ones have no such names.',
    },
    'xml/limit': {
      meaning: 'The XML document is deeper or larger than the limits that bound the work done on it.',
      action: 'stop',
      next: 'Do not use the document; genuine ones stay far below the limits.',
    },
  },
  verify: {},
  appraise: {},
  collect: {},
}
