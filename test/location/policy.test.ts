// Location policies from JSON: strict where silent, and no question means no policy.
import { describe, expect, it } from 'vitest'
import { unwaivableLocationChecks } from '../../src/location/checks.js'
import { strictLocationPolicy } from '../../src/location/policy.js'
import { parseLocationPolicy } from '../../src/location/policy-json.js'
import { refusal } from './scenario.js'

const base = { id: 'p', outside: ['KP'] }
const parse = (fields: object): ReturnType<typeof parseLocationPolicy> =>
  parseLocationPolicy(JSON.stringify({ ...base, ...fields }))

describe('the strict policy', () => {
  it('cannot be changed, not through a policy spread from it either', () => {
    const { agentMeasurements, acceptedIssuers, requiredLandmarks, waivers } = { ...strictLocationPolicy }
    for (const shared of [strictLocationPolicy, agentMeasurements, acceptedIssuers, requiredLandmarks, waivers])
      expect(Object.isFrozen(shared)).toBe(true)
  })
})

describe('parseLocationPolicy', () => {
  it('keeps the strict value of every field left out', () => {
    expect(parse({})).toEqual({ ...strictLocationPolicy, ...base })
  })

  it('reads every field', () => {
    const policy = {
      id: 'all',
      speed: 'fibre',
      faultTolerance: 2,
      faultClass: 'autonomous-system',
      minOperators: 5,
      minAutonomousSystems: 4,
      maxAzimuthGapDegrees: 150,
      maxAgeSeconds: 60,
      requireBracket: false,
      requireGpuInLoop: true,
      inside: ['NL', 'DE'],
      outside: ['KP'],
      sea: 'ignored',
      maxRegionKm2: 1000,
      endorsedMinProcessingNs: 1,
      endorsedMinGpuProcessingNs: 2,
      growthMetersPerSecond: 250,
      requiredLandmarks: ['a'],
      agentMeasurements: ['b'],
      acceptedIssuers: ['c'],
      waivers: [{ check: 'key-confinement', reason: 'no CPU evidence on this platform' }],
    }
    expect(parseLocationPolicy(JSON.stringify(policy))).toEqual(policy)
  })

  it.each<[string, string, object]>([
    ['policy/malformed', 'policy.id', { id: 7 }],
    ['policy/malformed', 'policy.speed', { speed: '2/3 c' }],
    ['policy/malformed', 'policy.faultTolerance', { faultTolerance: -1 }],
    ['policy/malformed', 'policy.minOperators', { faultTolerance: 3, minOperators: 3 }],
    ['policy/malformed', 'policy.faultClass', { faultClass: 'landmark' }],
    ['policy/malformed', 'policy.minAutonomousSystems', { minAutonomousSystems: 0 }],
    ['policy/malformed', 'policy.minAutonomousSystems', { minAutonomousSystems: null }],
    ['policy/malformed', 'policy.maxAzimuthGapDegrees', { maxAzimuthGapDegrees: 360 }],
    ['policy/malformed', 'policy.maxAzimuthGapDegrees', { maxAzimuthGapDegrees: 0.5 }],
    ['policy/malformed', 'policy.maxAgeSeconds', { maxAgeSeconds: 0.5 }],
    ['policy/malformed', 'policy.requireBracket', { requireBracket: 'yes' }],
    ['policy/malformed', 'policy.inside', { inside: [] }],
    ['policy/malformed', 'policy.outside', { outside: 'KP' }],
    ['policy/malformed', 'policy.maxRegionKm2', { maxRegionKm2: 0 }],
    ['policy/unknown-field', 'policy.requireBrackets', { requireBrackets: true }],
    ['policy/unknown-check', 'policy.waivers[0].check', { waivers: [{ check: 'speed', reason: 'x' }] }],
    ['policy/waiver-without-reason', 'policy.waivers[0].reason', { waivers: [{ check: 'agent', reason: ' ' }] }],
    [
      'policy/duplicate-waiver',
      'policy.waivers[1].check',
      {
        waivers: [
          { check: 'agent', reason: 'x' },
          { check: 'agent', reason: 'y' },
        ],
      },
    ],
    ['json/duplicate-name', 'policy', {}],
  ])('refuses with %s at %s', async (code, at, fields) => {
    const text = code === 'json/duplicate-name' ? '{"id":"p","id":"q"}' : JSON.stringify({ ...base, ...fields })
    expect(await refusal(async () => parseLocationPolicy(text))).toEqual({ code, at })
  })

  it('refuses a policy that asks nothing', async () => {
    expect(await refusal(async () => parseLocationPolicy('{"id":"p"}'))).toEqual({
      code: 'policy/malformed',
      at: 'policy',
    })
  })

  it.each(unwaivableLocationChecks.map((check) => [check]))('never waives %s', async (check) => {
    expect(await refusal(async () => parse({ waivers: [{ check, reason: 'x' }] }))).toEqual({
      code: 'policy/unwaivable-check',
      at: 'policy.waivers[0].check',
    })
  })
})
