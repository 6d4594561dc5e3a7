// Policies in JSON: every field, well formed and not, and what NVIDIA's form becomes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceCheckIds, groupCheckIds, unwaivableChecks } from '../../src/appraise/checks.js'
import { strictPolicy } from '../../src/appraise/policy.js'
import { parsePolicy } from '../../src/appraise/policy-json.js'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { AttestationError } from '../../src/result/error.js'
import { thrown } from '../nvidia/thrown.js'
import { codes, judge, world } from './scene.js'

const own = (fields: unknown) => JSON.stringify({ id: 'x', ...(fields as object) })
const refusal = (json: string) => thrown(() => parsePolicy(json))

describe('an own policy', () => {
  it('keeps the strict value of every field it leaves out', () => {
    expect(parsePolicy('{"id": "x"}')).toEqual({ ...strictPolicy, id: 'x' })
    expect(parsePolicy(encodeUtf8('{"id": "x"}'))).toEqual({ ...strictPolicy, id: 'x' })
  })

  const revocation = { whenUnknown: 'accept', certificateHold: 'accept', maxAgeSeconds: 1 }
  it.each([
    ['families', 'any'],
    ['families', ['GH100', 'blackwell']],
    ['families', []],
    ['modes', ['mpt']],
    ['modes', []],
    ['unstatedMode', 'accept'],
    ['deviceRevocation', revocation],
    ['manifestRevocation', revocation],
    ['devices', ['1', '2']],
    ['devices', 'any'],
    ['minimumDriverVersion', '550.90.07'],
    ['minimumDriverVersion', 'none'],
    ['requiredClaims', { a: 1, b: null, c: true, d: 'e', f: { g: false } }],
    ['requiredOverallClaims', { 'x-nvidia-ver': '3.0' }],
    [
      'waivers',
      [
        { check: 'topology', reason: 'r' },
        { check: 'mode', reason: 's' },
      ],
    ],
  ])('reads %s: %j', (name, value) => {
    expect(parsePolicy(own({ [name]: value }))).toEqual({ ...strictPolicy, id: 'x', [name]: value })
  })

  it('fills in what a revocation requirement leaves out, strictly', () => {
    for (const name of ['deviceRevocation', 'manifestRevocation'])
      for (const [field, value] of Object.entries(revocation))
        expect(parsePolicy(own({ [name]: { [field]: value } }))).toMatchObject({
          [name]: { ...strictPolicy.deviceRevocation, [field]: value },
        })
  })

  const malformed: readonly (readonly [unknown, string])[] = [
    [{ id: undefined }, 'policy.id'],
    [{ id: '' }, 'policy.id'],
    [{ id: 1 }, 'policy.id'],
    [{ families: 'hopper' }, 'policy.families'],
    [{ families: null }, 'policy.families'],
    [{ families: ['hopper', 1] }, 'policy.families[1]'],
    [{ families: [''] }, 'policy.families[0]'],
    [{ modes: 'any' }, 'policy.modes'],
    [{ modes: ['spt', 'SPT'] }, 'policy.modes[1]'],
    [{ unstatedMode: true }, 'policy.unstatedMode'],
    [{ unstatedMode: 'Accept' }, 'policy.unstatedMode'],
    [{ deviceRevocation: 'accept' }, 'policy.deviceRevocation'],
    [{ deviceRevocation: { whenUnknown: 'ignore' } }, 'policy.deviceRevocation.whenUnknown'],
    [{ deviceRevocation: { certificateHold: null } }, 'policy.deviceRevocation.certificateHold'],
    [{ manifestRevocation: { maxAgeSeconds: 0 } }, 'policy.manifestRevocation.maxAgeSeconds'],
    [{ manifestRevocation: { maxAgeSeconds: -1 } }, 'policy.manifestRevocation.maxAgeSeconds'],
    [{ manifestRevocation: { maxAgeSeconds: 1.5 } }, 'policy.manifestRevocation.maxAgeSeconds'],
    [{ manifestRevocation: { maxAgeSeconds: '86400' } }, 'policy.manifestRevocation.maxAgeSeconds'],
    [{ devices: '123' }, 'policy.devices'],
    [{ devices: [123] }, 'policy.devices[0]'],
    [{ minimumDriverVersion: 'NONE' }, 'policy.minimumDriverVersion'],
    [{ minimumDriverVersion: '550.' }, 'policy.minimumDriverVersion'],
    [{ minimumDriverVersion: '550.90-beta' }, 'policy.minimumDriverVersion'],
    // More than nine digits have no order, so that no driver could ever satisfy it.
    [{ minimumDriverVersion: '1234567890' }, 'policy.minimumDriverVersion'],
    [{ minimumDriverVersion: 550 }, 'policy.minimumDriverVersion'],
    [{ requiredClaims: [] }, 'policy.requiredClaims'],
    [{ requiredClaims: { a: ['b'] } }, 'policy.requiredClaims.a'],
    [{ requiredClaims: { a: { b: [] } } }, 'policy.requiredClaims.a.b'],
    [{ requiredOverallClaims: 'x' }, 'policy.requiredOverallClaims'],
    [{ waivers: {} }, 'policy.waivers'],
    [{ waivers: ['mode'] }, 'policy.waivers[0]'],
    [{ waivers: [{ reason: 'r' }] }, 'policy.waivers[0].check'],
  ]
  it.each(malformed)('refuses %j', (fields, at) => {
    expect(refusal(own(fields))).toEqual({ code: 'policy/malformed', at })
  })

  it.each([
    [{ waiver: [] }, 'policy/unknown-field', 'policy.waiver'],
    [{ version: '1' }, 'policy/unknown-field', 'policy.version'],
    [{ deviceRevocation: { whenunknown: 'fail' } }, 'policy/unknown-field', 'policy.deviceRevocation.whenunknown'],
    [{ waivers: [{ check: 'mode', reason: 'r', until: 1 }] }, 'policy/unknown-field', 'policy.waivers[0].until'],
    [{ waivers: [{ check: 'modes', reason: 'r' }] }, 'policy/unknown-check', 'policy.waivers[0].check'],
    [{ waivers: [{ check: 'constructor', reason: 'r' }] }, 'policy/unknown-check', 'policy.waivers[0].check'],
    [{ waivers: [{ check: 'mode' }] }, 'policy/waiver-without-reason', 'policy.waivers[0].reason'],
    [{ waivers: [{ check: 'mode', reason: ' \n' }] }, 'policy/waiver-without-reason', 'policy.waivers[0].reason'],
    [{ waivers: [{ check: 'mode', reason: 1 }] }, 'policy/waiver-without-reason', 'policy.waivers[0].reason'],
    [
      {
        waivers: [
          { check: 'mode', reason: 'r' },
          { check: 'mode', reason: 's' },
        ],
      },
      'policy/duplicate-waiver',
      'policy.waivers[1].check',
    ],
  ])('refuses %j as %s', (fields, code, at) => {
    expect(refusal(own(fields))).toEqual({ code, at })
  })

  it.each(unwaivableChecks)('refuses to waive %s', (check) => {
    const waivers = [
      { check: 'mode', reason: 'r' },
      { check, reason: 'r' },
    ]
    expect(refusal(own({ waivers }))).toEqual({ code: 'policy/unwaivable-check', at: 'policy.waivers[1].check' })
  })

  it('waives any other check by name', () => {
    const names = [...deviceCheckIds, ...groupCheckIds].filter((id) => !unwaivableChecks.some((fixed) => fixed === id))
    expect(names).toHaveLength(deviceCheckIds.length + groupCheckIds.length - unwaivableChecks.length)
    const waivers = names.map((check) => ({ check, reason: `r ${check}` }))
    expect(parsePolicy(own({ waivers })).waivers).toEqual(waivers)
  })

  it('refuses a field given twice, and anything that is no object', () => {
    expect(refusal('{"id":"x","modes":["spt"],"modes":["mpt"]}').code).toBe('json/duplicate-name')
    for (const json of ['[]', '"strict"', 'null', '1'])
      expect(refusal(json)).toEqual({ code: 'policy/malformed', at: 'policy' })
  })

  it('throws nothing but its own failures, whatever the JSON', () => {
    const names = fc.constantFrom(...Object.keys(strictPolicy), 'authorization-rules', 'version', '__proto__')
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (fields) => {
        try {
          const policy = parsePolicy(JSON.stringify({ id: 'x', ...fields }))
          expect(Object.isFrozen(policy)).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(AttestationError)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a policy of NVIDIA’s form', () => {
  const rules = {
    type: 'JWT',
    'overall-claims': { 'x-nvidia-overall-att-result': true },
    'detached-claims': { measres: 'success', chain: { status: 'valid' } },
  }
  const form = (changes: object = {}, ruleChanges: object = {}) =>
    JSON.stringify({ version: '4.0', 'authorization-rules': { ...rules, ...ruleChanges }, ...changes })

  it.each(['2.0', '3.0', '4.0'])('of version %s adds its claims to the strict policy', (version) => {
    expect(parsePolicy(form({ version }))).toEqual({
      ...strictPolicy,
      id: `nvidia/relying-party/${version}`,
      requiredClaims: rules['detached-claims'],
      requiredOverallClaims: rules['overall-claims'],
    })
  })

  it.each([
    [form({ version: '1.0' }), 'policy/version-unsupported', 'policy.version'],
    [form({ version: '5.0' }), 'policy/version-unsupported', 'policy.version'],
    [form({ version: undefined }), 'policy/malformed', 'policy.version'],
    [form({ version: 4 }), 'policy/malformed', 'policy.version'],
    // Fields of the own form, which could loosen something, have no place here.
    [form({ id: 'x' }), 'policy/unknown-field', 'policy.id'],
    [form({ waivers: [] }), 'policy/unknown-field', 'policy.waivers'],
    [form({}, { type: 'CWT' }), 'policy/malformed', 'policy.authorization-rules.type'],
    [form({}, { extra: 1 }), 'policy/unknown-field', 'policy.authorization-rules.extra'],
    [form({}, { 'overall-claims': undefined }), 'policy/malformed', 'policy.authorization-rules.overall-claims'],
    [form({}, { 'detached-claims': [] }), 'policy/malformed', 'policy.authorization-rules.detached-claims'],
    [form({}, { 'detached-claims': { a: [1] } }), 'policy/malformed', 'policy.authorization-rules.detached-claims.a'],
  ])('is refused: %s', (json, code, at) => {
    expect(refusal(json)).toEqual({ code, at })
  })

  it('cannot drop a demand: a device without its manifest still fails', async () => {
    const device = world.hopper()
    const policy = parsePolicy(form({}, { 'overall-claims': {}, 'detached-claims': {} }))
    expect((await judge({ device, policy })).verdict).toBe('pass')
    const collateral = { manifests: [], ocspResponses: [], crls: [] }
    expect((await judge({ device, policy, collateral })).verdict).toBe('fail')
  })

  it('names the claim that differs', async () => {
    const device = world.hopper()
    const demands = {
      'x-nvidia-gpu-driver-rim-cert-chain': { 'x-nvidia-cert-ocsp-status': 'unknown' },
      measres: 'success',
    }
    const result = await judge({ device, policy: parsePolicy(form({}, { 'detached-claims': demands })) })
    expect(codes(result)).toEqual(['claims/policy-mismatch'])
    expect(result.failures[0]).toMatchObject({
      at: 'claims.x-nvidia-gpu-driver-rim-cert-chain.x-nvidia-cert-ocsp-status',
      details: { claim: 'x-nvidia-cert-ocsp-status', expected: '"unknown"', actual: '"good"' },
    })
  })
})
