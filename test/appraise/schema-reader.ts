// Checks a value against the few words of JSON Schema that the schemas under docs/ use; an unknown word is an error.
type Schema = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function schemaOf(value: unknown): Schema {
  if (!isObject(value)) throw new Error('a schema must be an object')
  return value
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: Number.isSafeInteger,
  boolean: (value) => typeof value === 'boolean',
}

const annotations = ['$schema', '$defs', 'title', 'required', 'additionalProperties']

/** Where `value` is not as the schema says; empty if it is. */
export function schemaFaults(root: Schema, value: unknown): readonly string[] {
  const check = (schema: Schema, one: unknown, at: string): readonly string[] =>
    Object.entries(schema).flatMap(([word, rule]) => checkWord(schema, word, rule, one, at))
  const all = (rules: unknown, one: unknown, at: string): readonly string[] => check(schemaOf(rules), one, at)

  const checkWord = (schema: Schema, word: string, rule: unknown, one: unknown, at: string): readonly string[] => {
    const fault = (holds: boolean): readonly string[] => (holds ? [] : [`${at}: ${word}`])
    switch (word) {
      case '$ref':
        return all(schemaOf(root['$defs'])[String(rule).replace('#/$defs/', '')], one, at)
      case 'type':
        return fault(types[String(rule)]?.(one) === true)
      case 'const':
        return fault(one === rule)
      case 'enum':
        return fault(Array.isArray(rule) && rule.includes(one))
      case 'minimum':
        return fault(Number(one) >= Number(rule))
      case 'maximum':
        return fault(Number(one) <= Number(rule))
      case 'minItems':
        return fault(Array.isArray(one) && one.length >= Number(rule))
      case 'pattern':
        return fault(new RegExp(String(rule), 'u').test(String(one)))
      case 'items':
        return Array.isArray(one) ? one.flatMap((item, index) => all(rule, item, `${at}[${index}]`)) : []
      case 'oneOf':
        return fault(Array.isArray(rule) && rule.filter((option) => all(option, one, at).length === 0).length === 1)
      case 'properties':
        return checkMembers(schema, schemaOf(rule), one, at)
      default:
        if (!annotations.includes(word)) throw new Error(`unknown word ${word}`)
        return []
    }
  }

  const checkMembers = (schema: Schema, members: Schema, one: unknown, at: string): readonly string[] => {
    if (!isObject(one)) return []
    const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
    return [
      ...required.filter((name) => !Object.hasOwn(one, String(name))).map((name) => `${at}.${name}: missing`),
      ...Object.entries(one).flatMap(([name, member]) => {
        if (Object.hasOwn(members, name)) return all(members[name], member, `${at}.${name}`)
        // A member the schema does not name is one the documents forgot.
        return [`${at}.${name}: unknown`]
      }),
    ]
  }
  return check(root, value, 'result')
}
