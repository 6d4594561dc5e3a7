// Reads the arguments: which command, which file, which options. What a command does not take is refused, never dropped.
import { parseArgs } from 'node:util'
import { UsageError } from './usage.js'

const options = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  chain: { type: 'string' },
  nonce: { type: 'string' },
  now: { type: 'string' },
  collateral: { type: 'string' },
  online: { type: 'boolean' },
  policy: { type: 'string' },
  node: { type: 'string' },
  gpus: { type: 'string' },
  out: { type: 'string' },
  'authenticity-only': { type: 'boolean' },
  'tolerate-trailing': { type: 'boolean' },
  'trust-anchor': { type: 'string', multiple: true },
  'manifest-anchor': { type: 'string', multiple: true },
  directory: { type: 'string' },
  'directory-key': { type: 'string' },
  'directory-issuer': { type: 'string' },
  audience: { type: 'string' },
  evidence: { type: 'string' },
  'nonce-issued': { type: 'string' },
  'second-nonce': { type: 'string' },
  'second-nonce-issued': { type: 'string' },
  'second-evidence': { type: 'string' },
  machine: { type: 'string' },
  svg: { type: 'string' },
  'custom-territory': { type: 'string', multiple: true },
  territory: { type: 'string' },
  outside: { type: 'boolean' },
  landmarks: { type: 'string' },
  sea: { type: 'string' },
  speed: { type: 'string' },
  'fault-tolerance': { type: 'string' },
  site: { type: 'string', multiple: true },
  candidate: { type: 'string', multiple: true },
} as const

type OptionName = keyof typeof options

type ValueOf<O> = O extends { readonly multiple: true }
  ? readonly string[]
  : O extends { readonly type: 'boolean' }
    ? boolean
    : string

/** Values of the options, as `parseArgs` reads them. */
export type OptionValues = { readonly [N in OptionName]?: ValueOf<(typeof options)[N]> | undefined }

export type Command = 'inspect' | 'verify' | 'collect' | 'locate' | 'plan'

/** What each command takes besides `--help`. */
export const commandOptions: { readonly [C in Command]: readonly OptionName[] } = {
  inspect: ['chain', 'json'],
  verify: [
    ...(['nonce', 'chain', 'collateral', 'online', 'policy', 'authenticity-only', 'node', 'gpus', 'now'] as const),
    ...(['trust-anchor', 'manifest-anchor', 'tolerate-trailing', 'json'] as const),
  ],
  collect: ['out', 'chain'],
  locate: [
    ...(['directory', 'directory-key', 'directory-issuer', 'policy', 'audience', 'nonce', 'nonce-issued'] as const),
    ...(['evidence', 'second-nonce', 'second-nonce-issued', 'second-evidence', 'machine', 'collateral'] as const),
    ...(['custom-territory', 'svg', 'trust-anchor', 'now', 'json'] as const),
  ],
  plan: [
    ...(['territory', 'outside', 'landmarks', 'site', 'candidate', 'speed', 'fault-tolerance', 'sea'] as const),
    ...(['custom-territory', 'json'] as const),
  ],
}

/** Pairs of which one would be dropped for the other. */
const contradictions: readonly (readonly [OptionName, OptionName])[] = [
  ['collateral', 'online'],
  ['authenticity-only', 'collateral'],
  ['authenticity-only', 'online'],
  ['authenticity-only', 'policy'],
  ['authenticity-only', 'node'],
  ['outside', 'sea'],
]

/** What the caller asked for; `help` outweighs all else. */
export type Call =
  | { readonly command: 'help'; readonly asked: boolean }
  | { readonly command: Command; readonly file: string | undefined; readonly values: OptionValues }

/**
 * The options are the command's own, each once unless it may be repeated, and none contradicts another.
 * @throws UsageError
 */
export function parseCall(argv: readonly string[]): Call {
  const { values, positionals, tokens } = parse(argv)
  const [name, file, ...surplus] = positionals
  if (values.help === true || name === undefined) return { command: 'help', asked: values.help === true }
  const command = commandNames.find((one) => one === name)
  if (command === undefined) throw new UsageError(`there is no command ${name}`)
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
  requireOwn(command, given)
  requireOnce(given)
  for (const [one, other] of contradictions)
    if (given.includes(one) && given.includes(other)) throw new UsageError(`use --${one} or --${other}, not both`)
  if (surplus.length > 0)
    throw new UsageError(`${command} takes one FILE; evidence of several devices comes in one file`)
  return { command, file, values }
}

const commandNames = ['inspect', 'verify', 'collect', 'locate', 'plan'] as const

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, tokens: true })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'the options cannot be read', { cause })
  }
}

function requireOwn(command: Command, given: readonly string[]): void {
  const own: readonly string[] = commandOptions[command]
  const foreign = given.find((name) => !own.includes(name))
  if (foreign !== undefined) throw new UsageError(`${command} has no option --${foreign}`)
}

const repeatable: readonly string[] = Object.entries(options).flatMap(([name, option]) =>
  'multiple' in option ? [name] : [],
)

function requireOnce(given: readonly string[]): void {
  const twice = given.find((name, index) => given.indexOf(name) !== index && !repeatable.includes(name))
  if (twice !== undefined) throw new UsageError(`--${twice} is given more than once`)
}
