// `npm run demo`: the main job on bundled, synthetic fixtures, good and tampered, and what the verdicts do and do not mean.
import { createVerifier, type Failure, parseEvidence, strictPolicy } from '../../../src/index.js'
import { type DemoCase, readCase } from './case.js'
import { showLocation } from './location.js'

const cases = [
  'hopper',
  'blackwell',
  'gb20x',
  'hopper-versioned-opaque-data',
  'ls10',
  'ppcie-node',
  'flipped-measurement',
  'measurement-mismatch',
  'wrong-nonce',
  'foreign-root',
  'other-firmware-certified',
  'debug-certificate',
  'revoked-issuer',
  'stale-revocation-data',
  'altered-manifest',
  'security-version-too-low',
  'no-driver-manifest',
]

interface Outcome {
  readonly verdict: 'pass' | 'fail'
  readonly failures: readonly Failure[]
}

async function judge({ evidence, trustAnchors, nonce, now, collateral, node }: DemoCase): Promise<Outcome> {
  const verifier = createVerifier({ trustAnchors, policy: strictPolicy })
  const items = parseEvidence(evidence)
  if (node !== undefined) return verifier.appraiseNode(items, { nonce, now, collateral, expected: node })
  const [item] = items
  if (item === undefined) throw new Error('the fixture holds no evidence')
  return verifier.appraise(item, { nonce, now, collateral })
}

console.log('gpu-attestation demo: bundled fixtures, judged offline under the strict policy.')
console.log('These devices are SYNTHETIC. Their roots are made up and are trusted here only for the demonstration.\n')

let surprises = 0
for (const name of cases) {
  const one = readCase(name)
  const { verdict, failures } = await judge(one)
  const [first] = failures
  const expected = verdict === one.expected.verdict
  if (!expected) surprises++
  console.log(`${verdict === 'pass' ? 'PASS' : 'FAIL'}  ${name.padEnd(30)} ${one.description}`)
  if (first !== undefined) console.log(`      ${''.padEnd(30)} ${first.code} at ${first.at || '(whole input)'}`)
  if (!expected) console.log(`      UNEXPECTED: this case must ${one.expected.verdict}`)
}

console.log(`
What a PASS proves: a device whose key leads to the given root signed this nonce; its firmware and driver measure as its
maker's signed manifests allow; and none of the certificates involved was revoked at the stated time.

What it does not prove: who uses the device, which machine it sits in, or where it is. See docs/limits.md.`)

surprises += await showLocation()

if (surprises > 0) {
  console.log(`\n${surprises} unexpected verdict(s)`)
  process.exitCode = 1
}
