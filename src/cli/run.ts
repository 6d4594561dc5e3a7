// The command line as a function: reads options and files, runs one command, returns the exit code of the stage that failed.
import { nvidiaTrustAnchors } from '../anchors/nvidia.js'
import { type Collateral, emptyCollateral } from '../appraise/collateral.js'
import { type AppraisalPolicy, strictPolicy } from '../appraise/policy.js'
import { parsePolicy } from '../appraise/policy-json.js'
import { parseHex } from '../bytes/hex.js'
import { parseCollateral } from '../collateral/bundle-json.js'
import { type Evidence, evidenceFromParts, parseEvidence } from '../nvidia/evidence.js'
import { AttestationError } from '../result/error.js'
import type { NonEmptyArray } from '../result/result.js'
import { createVerifier, type Verifier } from '../verifier.js'
import { parseCertificates } from '../x509/certificate.js'
import { type TrustAnchor, trustAnchorFromCertificate } from '../x509/trust-anchor.js'
import { collect, collectForVerdict } from './collect.js'
import { type OptionValues, parseCall } from './command-options.js'
import { inspect } from './inspect.js'
import { runLocate, runPlan } from './location-commands.js'
import { parseInstant, parseNode, parseNonce, readInput, readTextInput } from './options.js'
import { showFailure } from './present.js'
import type { Terminal } from './terminal.js'
import { exitCodes, helpText, UsageError } from './usage.js'
import { type VerifyRequest, verifyAuthenticity, verifyDevices, verifyNode } from './verify.js'

/** Runs one command and returns its exit code; every mistake and refusal is shown, none thrown. */
export async function main(terminal: Terminal, argv: readonly string[]): Promise<number> {
  try {
    return await run(terminal, argv)
  } catch (error) {
    return report(terminal, error)
  }
}

async function run(terminal: Terminal, argv: readonly string[]): Promise<number> {
  const call = parseCall(argv)
  if (call.command === 'help') {
    terminal.line(helpText)
    return call.asked ? exitCodes.pass : exitCodes.usage
  }
  const { command, file, values } = call
  if (command === 'plan') {
    if (file !== undefined) throw new UsageError('plan takes no FILE; name the landmarks with --landmarks')
    return runPlan(terminal, values)
  }
  if (file === undefined) throw new UsageError(`${command} needs a FILE`)
  switch (command) {
    case 'inspect':
      inspect(terminal, readEvidence(file, values), values.json === true)
      return exitCodes.pass
    case 'verify':
      return verify(terminal, file, values)
    case 'locate':
      return runLocate(terminal, file, values, makeVerifier(values), (path) => parseEvidence(readInput(path)))
    case 'collect':
      if (values.out === undefined) throw new UsageError('collect needs --out BUNDLE')
      return collect(terminal, readEvidence(file, values), { out: values.out })
    default:
      return command satisfies never
  }
}

/** A container, or a bare report (raw or hex) with its certificates in `--chain`. */
function readEvidence(file: string, values: OptionValues): readonly Evidence[] {
  const bytes = readInput(file)
  if (values.chain === undefined) return parseEvidence(bytes)
  return [evidenceFromParts({ report: bareReport(bytes), certificates: readInput(values.chain) })]
}

function bareReport(bytes: Uint8Array): Uint8Array {
  const text = /^[0-9a-fA-F\s]+$/.test(new TextDecoder('latin1').decode(bytes))
    ? new TextDecoder().decode(bytes)
    : undefined
  return text === undefined ? bytes : parseHex(text.trim(), 'report')
}

async function verify(terminal: Terminal, file: string, values: OptionValues): Promise<number> {
  const nonce = parseNonce(values.nonce)
  const now = parseInstant(values.now, '--now')
  const expected = parseNode(values.node, values.gpus)
  const evidence = readEvidence(file, values)
  const verifier = makeVerifier(
    values,
    values.policy === undefined ? strictPolicy : parsePolicy(readTextInput(values.policy)),
  )
  const request: VerifyRequest = {
    verifier,
    evidence,
    context: {
      nonce,
      now,
      collateral: await readCollateral(terminal, evidence, values),
      trailingBytes: values['tolerate-trailing'] === true ? 'tolerate' : 'refuse',
    },
    json: values.json === true,
  }
  if (values['authenticity-only'] === true) return verifyAuthenticity(terminal, request)
  return expected === undefined ? verifyDevices(terminal, request) : verifyNode(terminal, request, expected)
}

/** Trusts the published roots unless others are named. */
function makeVerifier(values: OptionValues, policy: AppraisalPolicy = strictPolicy): Verifier {
  return createVerifier({
    trustAnchors: {
      device: anchors(values['trust-anchor'], nvidiaTrustAnchors.device),
      manifest: anchors(values['manifest-anchor'], nvidiaTrustAnchors.manifest),
    },
    policy,
  })
}

/** From a bundle, from the vendor's services, or none; then what it would show stays undone. */
async function readCollateral(
  terminal: Terminal,
  evidence: readonly Evidence[],
  values: OptionValues,
): Promise<Collateral> {
  if (values.collateral !== undefined) return parseCollateral(readInput(values.collateral))
  return values.online === true ? collectForVerdict(terminal, evidence) : emptyCollateral
}

function anchors(
  files: readonly string[] | undefined,
  published: NonEmptyArray<TrustAnchor>,
): NonEmptyArray<TrustAnchor> {
  const given = (files ?? []).flatMap((file) =>
    parseCertificates(readTextInput(file), file).map(trustAnchorFromCertificate),
  )
  const [first, ...rest] = given
  if (first !== undefined) return [first, ...rest]
  if (files !== undefined) throw new UsageError('the anchor files hold no certificate')
  return published
}

function report(terminal: Terminal, error: unknown): number {
  if (error instanceof UsageError) {
    terminal.error(`gpu-attestation: ${error.message}\nTry gpu-attestation --help.`)
    return exitCodes.usage
  }
  if (error instanceof AttestationError) {
    showFailure({ ...terminal, line: (text = '') => terminal.error(text) }, error.failure, '')
    const { stage } = error.failure
    return stage === 'collect' ? exitCodes.collect : stage === 'parse' ? exitCodes.parse : exitCodes.verify
  }
  throw error
}
