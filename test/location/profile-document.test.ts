// The profile's documents and its tables of names and numbers say the same.
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { locationPlans } from '../../fixtures/location-cases.js'
import { deviceClaims, geographicClaims, locationProfile, profileClaims } from '../../src/location/claim-names.js'

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../docs')
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
const cddl = ['binding', 'directory', 'measurement', 'bundle']
  .map((name) => read(`location-profile/${name}.cddl`))
  .join('\n')
  // A cut (RFC 8610 section 3.5.4) keeps the wildcard off optional members of the wrong type.
  .replaceAll('^=>', '=>')
const schemas = ['directory', 'measurement', 'bundle'].map((name) => read(`location-profile/${name}.schema.json`))
const page = read('location-profile.md')

describe('docs/location-profile', () => {
  it.each(Object.values(profileClaims).map(({ name, key }) => [name, key] as const))('knows %s as %d', (name, key) => {
    const line = cddl.split('\n').find((text) => text.includes(`${key} =>`))
    expect(line).toContain(name)
    expect(page).toContain(`\`${name}\``)
    // The binding is CBOR in either encoding: its two members have no place in a JSON schema.
    if (!['dir', 'campaign'].includes(name)) expect(schemas.some((schema) => schema.includes(`"${name}"`))).toBe(true)
  })

  it.each(
    Object.values(geographicClaims)
      .filter(({ key }) => key >= 0)
      .map(({ name, key }) => [name, key] as const),
  )('knows %s as %d', (name, key) => {
    expect(cddl.split('\n').filter((text) => text.includes(`${key} =>`) && text.includes(`; ${name}`))).toHaveLength(1)
    expect(schemas.join()).toContain(`"${name}"`)
  })

  it('names the claims of issuers and the profile', () => {
    for (const { name, key } of Object.values(deviceClaims)) expect(page).toContain(`| \`${name}\` | ${key} |`)
    for (const text of [page, cddl, ...schemas]) expect(text).toContain(locationProfile)
  })

  it('lists for each attack the codes its cases end with', () => {
    const rows = new Map(
      page.split('\n').flatMap((line) => {
        const number = /^\| (\d+) \| /.exec(line)?.[1]
        return number === undefined || !line.includes(' | ') || line.split('|').length !== 7
          ? []
          : [[Number(number), line]]
      }),
    )
    const missing = locationPlans.filter(
      ({ row, expected }) =>
        row > 0 && expected.code !== undefined && rows.get(row)?.includes(`\`${expected.code}\``) !== true,
    )
    expect(missing.map(({ row, name }) => `${row} ${name}`)).toEqual([])
    expect([...rows.keys()].filter((row) => row >= 1).length).toBe(27)
  })
})
