// Reads element content against closed models: nothing that was not asked for may be there.

import type { XmlElement } from '../encoding/xml.js'
import { parseError } from '../result/error.js'

/** An element with the path that names it in failures. */
export interface Located {
  readonly element: XmlElement
  readonly at: string
}

const blank: RegExp = /^[ \t\n\r]*$/

/** Untrusted text for the details of a failure, bounded. */
export function excerpt(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`
}

/** Child elements in order; character data other than white space is refused. Names that repeat get an index in `at`. */
export function childElements({ element, at }: Located): readonly Located[] {
  const elements: XmlElement[] = []
  const totals = new Map<string, number>()
  for (const child of element.children) {
    if (typeof child !== 'string') {
      elements.push(child)
      totals.set(child.localName, (totals.get(child.localName) ?? 0) + 1)
    } else if (!blank.test(child)) throw parseError('manifest/text-unexpected', at, { found: excerpt(child) })
  }
  const counts = new Map<string, number>()
  return elements.map((child) => {
    const index = counts.get(child.localName) ?? 0
    counts.set(child.localName, index + 1)
    const single = totals.get(child.localName) === 1
    return { element: child, at: `${at}.${child.localName}${single ? '' : `[${index}]`}` }
  })
}

/** The text of an element that holds text only. */
export function textOf({ element, at }: Located): string {
  let text = ''
  for (const child of element.children) {
    if (typeof child !== 'string')
      throw parseError('manifest/element-unexpected', `${at}.${child.localName}`, { element: child.localName })
    text += child
  }
  return text
}

export function isNamed(element: XmlElement, namespace: string, localName: string): boolean {
  return element.localName === localName && element.namespace === namespace
}

/** The value of an attribute, `undefined` if absent. */
export function optionalAttribute({ element }: Located, localName: string, namespace = ''): string | undefined {
  return element.attributes.find((found) => found.localName === localName && found.namespace === namespace)?.value
}

/** The value of an attribute that must be there. */
export function requiredAttribute(located: Located, localName: string, namespace = ''): string {
  const value = optionalAttribute(located, localName, namespace)
  if (value === undefined) throw parseError('manifest/attribute-missing', `${located.at}.${localName}`, {})
  return value
}

/** The value of an attribute that must be there and not be empty. */
export function requiredName(located: Located, localName: string): string {
  const value = requiredAttribute(located, localName)
  if (value === '') throw invalidValue(located, localName, 'a text that is not empty', value)
  return value
}

/** The value of an attribute that has one of a few spellings. */
export function requiredOneOf(located: Located, localName: string, allowed: readonly string[], namespace = ''): string {
  const value = requiredAttribute(located, localName, namespace)
  if (!allowed.includes(value)) throw invalidValue(located, localName, allowed.join(' or '), value)
  return value
}

/** A decimal number from 0 to `max`, without sign, spaces or leading zeros. */
export function requiredNumber(located: Located, localName: string, max: number, namespace = ''): number {
  const text = requiredAttribute(located, localName, namespace)
  const value = /^(?:0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
  if (value > max) throw invalidValue(located, localName, `a decimal number up to ${max}`, text)
  return value
}

function invalidValue(located: Located, localName: string, expected: string, found: string): Error {
  const details = { expected, found: excerpt(found) }
  return parseError('manifest/attribute-value', `${located.at}.${localName}`, details)
}

/** Refuses attributes outside `allowed`, a predicate on local name and namespace. */
export function onlyAttributes(
  { element, at }: Located,
  allowed: (localName: string, namespace: string) => boolean,
): void {
  for (const { localName, namespace } of element.attributes)
    if (!allowed(localName, namespace))
      throw parseError('manifest/attribute-unexpected', `${at}.${localName}`, { namespace: excerpt(namespace) })
}
