// `plan`: advice for people and for programs, from files and options.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCodes, parsePlace, readLandmarks, readTerritories } from '../../src/cli/location-options.js'
import { type PlanRequest, plan } from '../../src/cli/plan.js'
import { createTerminal } from '../../src/cli/terminal.js'
import { UsageError } from '../../src/cli/usage.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gpu-attestation-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const list = [
  { name: 'Amsterdam', operator: 'a', latitude: 52.37, longitude: 4.9 },
  {
    name: 'Utrecht',
    operator: 'b',
    latitude: 52.09,
    longitude: 5.12,
    positionUncertaintyMeters: 50,
    clockErrorPpm: 20,
  },
  { name: 'evil\u001b[31m', operator: 'c', latitude: 52.2, longitude: 5.4 },
]

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function run(change: Partial<PlanRequest>): { readonly code: number; readonly out: string } {
  let out = ''
  const terminal = createTerminal({ write: (text: string) => (out += text) }, { write: () => undefined }, {})
  const code = plan(terminal, {
    territories: readTerritories([]),
    predicate: { kind: 'inside', codes: ['NL'], sea: 'counted' },
    landmarks: readLandmarks(file('landmarks.json', list)),
    speed: 'fibre',
    faultTolerance: 1,
    sites: [parsePlace('52.2,5.1', '--site')],
    json: false,
    ...change,
  })
  return { code, out }
}

describe('plan', () => {
  it('says what can be proved, at which delays, under which assumptions', () => {
    const { code, out } = run({})
    expect(code).toBe(0)
    for (const part of [
      'To prove that a device is inside NL',
      '2/3 of light (assumes solid-core fibre)',
      '3 present, 2 needed at least',
      '52.20, 5.10  reachable if no landmark shows more than',
      'Utrecht',
      'One more landmark, of one more operator, helps most at',
      'A plan proves nothing.',
    ])
      expect(out).toContain(part)
    expect(out).not.toContain('\u001b[31m')
  })

  it('says what cannot', () => {
    const { out } = run({ landmarks: readLandmarks(file('one.json', list.slice(0, 1))) })
    expect(out).toContain('not reachable')
    expect(out).toContain('1 present, 2 needed at least')
  })

  it('plans without a site, and for outside', () => {
    const { out } = run({ predicate: { kind: 'outside', codes: ['US'] }, sites: [] })
    expect(out).toContain('To prove that a device is outside US')
    expect(out).toContain('Landmarks that prove it alone (2 operators are enough)')
  })

  it('prints the whole plan for programs', () => {
    const result = JSON.parse(run({ json: true }).out)
    expect(result.reachableSites).toBe(1)
    expect(result.sites[0].landmarks).toHaveLength(3)
    expect(result.candidates).toHaveLength(24)
  })

  it('knows territories that the caller drew', () => {
    const ring = [
      [4, 52],
      [6, 52],
      [6, 53],
      [4, 53],
      [4, 52],
    ]
    const drawn = file('campus.json', { type: 'Polygon', coordinates: [ring] })
    const territories = readTerritories([`campus=${drawn}`])
    const { out } = run({ territories, predicate: { kind: 'inside', codes: ['campus'], sea: 'counted' } })
    expect(out).toContain('inside campus')
    expect(() => readTerritories([`campus=${drawn}`, `campus=${drawn}`])).toThrow(UsageError)
    expect(() => readTerritories(['campus'])).toThrow(UsageError)
    expect(() => readTerritories([`campus=${file('text.json', 'no json')}`])).toThrow(UsageError)
  })
})

describe('options', () => {
  it.each(['', '52', '52,', '91,0', '0,181', '52,5,1', 'a,b', '1e1,2'])('%j is no place', (text) => {
    expect(() => parsePlace(text, '--site')).toThrow(UsageError)
  })

  it('reads places and codes', () => {
    expect(parsePlace(' -52.5 , 4 ', '--site')).toEqual({ latitudeDeg: -52.5, longitudeDeg: 4 })
    expect(parseCodes('NL, BE')).toEqual(['NL', 'BE'])
    expect(() => parseCodes('NL,,BE')).toThrow(UsageError)
  })

  it.each([
    ['7'],
    ['{"sites": []}'],
    ['[7]'],
    ['[{"name": "a"}]'],
    ['[{"name": "a", "operator": "b", "latitude": "52", "longitude": 5}]'],
    ['[{"name": "a", "operator": "b", "latitude": 52, "longitude": 5, "uncertainty": 1}]'],
  ])('%s is no list of landmarks', (text) => {
    expect(() => readLandmarks(file('bad.json', text))).toThrow(UsageError)
  })

  it('reads landmarks from a list or an object with one', () => {
    const landmarks = readLandmarks(file('object.json', { landmarks: list }))
    expect(landmarks[1]).toEqual({
      name: 'Utrecht',
      operator: 'b',
      latitudeDeg: 52.09,
      longitudeDeg: 5.12,
      positionUncertaintyMeters: 50,
      clockErrorPpm: 20,
    })
    expect(landmarks).toHaveLength(3)
  })
})
