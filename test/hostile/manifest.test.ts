// Manifests that say the same in other bytes: what no signature covers must not change a verdict.
import { expect, it } from 'vitest'
import { encodeUtf8 } from '../../src/bytes/text.js'
import { codes, collateralFor, judge, manifestsOf, world } from '../appraise/scene.js'

const hopper = world.hopper()
const [driver, firmware] = manifestsOf(hopper)
if (driver === undefined || firmware === undefined) throw new Error('no manifests')

const collateral = collateralFor(hopper)
const respaced = driver.xml.replace('<ds:X509Data>', '<ds:X509Data>\n ')

it.each([
  ['before', [encodeUtf8(respaced), ...collateral.manifests]],
  ['after', [...collateral.manifests, encodeUtf8(respaced)]],
])('white space in a signature, %s the genuine document, makes no second issue', async (_, manifests) => {
  expect(respaced).not.toBe(driver.xml)
  const result = await judge({ device: hopper, collateral: { ...collateral, manifests } })
  expect([result.verdict, codes(result)]).toEqual(['pass', []])
})

it('another issue with the same beginning still is one', async () => {
  const other = world.driverManifest(hopper, { root: { tagId: 'ff'.repeat(48) } })
  const manifests = [...collateral.manifests, other.bytes]
  const result = await judge({ device: hopper, collateral: { ...collateral, manifests } })
  expect(codes(result)).toContain('manifest/ambiguous')
})
