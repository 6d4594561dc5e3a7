// The content of a manifest, one deviation at a time; every document here has a valid signature.
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type ContentSpec,
  entity,
  manifest,
  measurementValue,
  metaAttributes,
  resource,
  rootAttributes,
  svnResource,
} from './builder.js'
import { refusal, verify } from './context.js'
import { createSigner, type Signer } from './pki.js'

let signer: Signer
beforeAll(async () => {
  signer = await createSigner()
})

const refused = async (content: ContentSpec) => refusal(await manifest({ signer, content }), signer)
const one = resource({ index: 7 })
const zero = '0'.repeat(96)

describe('refused: the tag', () => {
  test.each<[string, string, ContentSpec]>([
    [
      'manifest/attribute-value',
      'SoftwareIdentity.patch',
      { root: rootAttributes.replace('patch="false"', 'patch="true"') },
    ],
    [
      'manifest/attribute-value',
      'SoftwareIdentity.supplemental',
      { root: rootAttributes.replace('supplemental="false"', 'supplemental="true"') },
    ],
    [
      'manifest/attribute-value',
      'SoftwareIdentity.corpus',
      { root: rootAttributes.replace('corpus="false"', 'corpus="1"') },
    ],
    ['manifest/attribute-missing', 'SoftwareIdentity.tagId', { root: rootAttributes.replace(/tagId="[^"]*" /, '') }],
    [
      'manifest/attribute-value',
      'SoftwareIdentity.tagId',
      { root: rootAttributes.replace(/tagId="[^"]*"/, 'tagId=""') },
    ],
    ['manifest/element-unexpected', 'SoftwareIdentity.Link', { entity: `${entity}<ns0:Link></ns0:Link>` }],
    ['manifest/element-unexpected', 'SoftwareIdentity.Entity', { entity: '<ns2:Entity></ns2:Entity>' }],
    ['manifest/text-unexpected', 'SoftwareIdentity', { entity: `${entity}text` }],
    ['manifest/element-missing', 'SoftwareIdentity.Meta', { meta: '' }],
    ['manifest/element-unexpected', 'SoftwareIdentity.Meta[1]', { entity: '<ns0:Meta></ns0:Meta>' }],
    ['manifest/element-missing', 'SoftwareIdentity.Payload', { payload: '' }],
    [
      'manifest/element-unexpected',
      'SoftwareIdentity.Payload[1]',
      { payload: `<ns0:Payload>${one}</ns0:Payload><ns0:Payload>${one}</ns0:Payload>` },
    ],
    // The same names in a namespace of the manifest that is not SWID's.
    ['manifest/element-unexpected', 'SoftwareIdentity.Payload', { payload: `<ns2:Payload>${one}</ns2:Payload>` }],
    ['manifest/element-unexpected', 'SoftwareIdentity.Payload', { payload: `<Payload xmlns="">${one}</Payload>` }],
    [
      'manifest/attribute-missing',
      'SoftwareIdentity.Meta.product',
      { meta: metaAttributes.replace(' product="GH100"', '') },
    ],
    [
      'manifest/attribute-missing',
      'SoftwareIdentity.Meta.colloquialVersion',
      { meta: `${metaAttributes.replace('colloquialVersion="550.90.07" ', '')} ns1:colloquialVersion="550.90.07"` },
    ],
    [
      'manifest/attribute-value',
      'SoftwareIdentity.Meta.PayloadType',
      { meta: metaAttributes.replace('direct', 'indirect') },
    ],
    ['manifest/kind', 'SoftwareIdentity.Meta', { meta: metaAttributes.replace('GPU', 'NIC') }],
    ['manifest/kind', 'SoftwareIdentity.Meta', { meta: metaAttributes.replace('GPU', 'SWITCH') }],
    ['manifest/kind', 'SoftwareIdentity.Meta', { meta: metaAttributes.replace('550.90.07', '96.00.9F.00') }],
    ['manifest/kind', 'SoftwareIdentity.Meta', { meta: metaAttributes.replace('550.90.07', '550.90.07 ') }],
  ])('%s at %s (case %#)', async (code, at, content) => {
    // Attributes out of order would spoil the digest instead; every edit keeps the order.
    expect(await refused(content)).toEqual({ code, at })
  })

  test('manifest/root: another namespace or name at the root', async () => {
    const rename = (from: RegExp, to: string) => (document: string) => document.replaceAll(from, to)
    const other = await manifest({ signer, rename: rename(/(<\/?)SoftwareIdentity/g, '$1Software') })
    expect(await refusal(other, signer)).toEqual({ code: 'manifest/root', at: '' })
    const foreign = await manifest({ signer, rename: rename(/(<\/?)SoftwareIdentity/g, '$1ns2:SoftwareIdentity') })
    expect(await refusal(foreign, signer)).toEqual({ code: 'manifest/root', at: '' })
  })
})

describe('refused: measurement records', () => {
  const payloadAt = 'SoftwareIdentity.Payload'
  const at = (field: string): string => `${payloadAt}.Resource.${field}`
  test.each<[string, string, readonly string[]]>([
    ['manifest/no-active-measurement', payloadAt, []],
    ['manifest/no-active-measurement', payloadAt, [resource({ index: 7, active: 'False' })]],
    ['manifest/no-active-measurement', payloadAt, [svnResource(5, 'GSP', ' ns3:minSvn="3"')]],
    ['manifest/attribute-value', at('active'), [resource({ index: 7, active: 'true' })]],
    ['manifest/attribute-value', at('active'), [resource({ index: 7, active: '1' })]],
    ['manifest/attribute-value', at('active'), [resource({ index: 7, active: ' True' })]],
    ['manifest/attribute-value', at('active'), [resource({ index: 7, active: 'Maybe' })]],
    ['manifest/attribute-missing', at('active'), [one.replace('active="True" ', '')]],
    ['manifest/attribute-missing', at('index'), [one.replace('index="7" ', '')]],
    ['manifest/attribute-value', at('index'), [resource({ index: '07' })]],
    ['manifest/attribute-value', at('index'), [resource({ index: '-1' })]],
    ['manifest/attribute-value', at('index'), [resource({ index: '7.0' })]],
    ['manifest/attribute-value', at('index'), [resource({ index: '0x7' })]],
    ['manifest/attribute-value', at('index'), [resource({ index: '' })]],
    ['manifest/index-range', at('index'), [resource({ index: 64 })]],
    ['manifest/index-range', at('index'), [resource({ index: 4095 })]],
    ['manifest/attribute-value', at('index'), [resource({ index: 4096 + 65536 })]],
    ['manifest/index-duplicate', `${payloadAt}.Resource[1].index`, [one, one]],
    ['manifest/index-duplicate', `${payloadAt}.Resource[1].index`, [one, resource({ index: 7, active: 'False' })]],
    [
      'manifest/index-duplicate',
      `${payloadAt}.Resource[2].index`,
      [one, resource({ index: 8, active: 'False' }), resource({ index: 8, active: 'False' })],
    ],
    ['manifest/alternatives', at('alternatives'), [resource({ index: 7, alternatives: '2' })]],
    ['manifest/alternatives', at('alternatives'), [resource({ index: 7, alternatives: '1', hashes: [zero, zero] })]],
    ['manifest/alternatives', at('alternatives'), [resource({ index: 7, alternatives: '0', hashes: [] })]],
    ['manifest/attribute-value', at('alternatives'), [resource({ index: 7, alternatives: '1000000' })]],
    ['manifest/attribute-missing', at('Hash0'), [one.replace('ns2:Hash0', 'ns2:Hash1')]],
    ['manifest/attribute-unexpected', at('Hash00'), [one.replace('ns2:Hash0', 'ns2:Hash00')]],
    // Without its namespace, or in another one, it is not the attribute.
    ['manifest/attribute-unexpected', at('Hash0'), [one.replace('ns2:Hash0', 'ns3:Hash0')]],
    ['manifest/attribute-unexpected', at('mask'), [one.replace('name=', 'mask="" name=')]],
    ['manifest/attribute-unexpected', at('minSvn'), [one.replace('></ns0:', ' ns3:minSvn="1"></ns0:')]],
    ['manifest/attribute-value', at('Hash0'), [resource({ index: 7, hashes: [zero.slice(2)] })]],
    ['manifest/attribute-value', at('Hash0'), [resource({ index: 7, hashes: [measurementValue('a').toUpperCase()] })]],
    ['manifest/attribute-value', at('Hash1'), [resource({ index: 7, hashes: [zero, `${zero.slice(1)} `] })]],
    ['manifest/attribute-value', at('size'), [resource({ index: 7, size: '32' })]],
    ['manifest/attribute-value', at('type'), [resource({ index: 7, type: 'Other' })]],
    ['manifest/attribute-value', at('name'), [resource({ index: 7, name: '' })]],
    ['manifest/element-unexpected', `${payloadAt}.File`, [one, '<ns0:File></ns0:File>']],
    ['manifest/element-unexpected', at('Resource'), [one.replace('></', `>${resource({ index: 8 })}</`)]],
    ['manifest/text-unexpected', `${payloadAt}.Resource`, [one.replace('></', '>text</')]],
    ['manifest/text-unexpected', payloadAt, [one, 'text']],
  ])('%s at %s (case %#)', async (code, where, resources) => {
    expect(await refused({ resources })).toEqual({ code, at: where })
  })

  test('the same value twice, and all zeros, are genuine alternatives', async () => {
    const resources = [resource({ index: 23, hashes: [zero, zero, measurementValue('x'), zero] })]
    const { measurements } = await verify(await manifest({ signer, content: { resources } }), signer)
    expect(measurements[0]?.alternatives.map((value) => Buffer.from(value).toString('hex'))).toEqual([
      zero,
      zero,
      measurementValue('x'),
      zero,
    ])
  })
})

describe('refused: opaque data records', () => {
  const at = (field: string): string => `SoftwareIdentity.Payload.Resource[1].${field}`
  test.each<[string, string, string]>([
    ['manifest/attribute-missing', at('minSvn'), svnResource(5, 'GSP', '')],
    ['manifest/attribute-missing', at('minSvn'), svnResource(5, 'GSP', ' ns3:includeInResult="True"')],
    ['manifest/attribute-value', at('minSvn'), svnResource(5, 'GSP', ' ns3:minSvn="65536"')],
    ['manifest/attribute-value', at('minSvn'), svnResource(5, 'GSP', ' ns3:minSvn="-1"')],
    ['manifest/attribute-value', at('minSvn'), svnResource(5, 'GSP', ' ns3:minSvn="03"')],
    ['manifest/attribute-value', at('minSvn'), svnResource(5, 'GSP', ' ns3:minSvn=""')],
    [
      'manifest/attribute-value',
      at('includeInResult'),
      svnResource(5, 'GSP', ' ns3:includeInResult="yes" ns3:minSvn="3"'),
    ],
    ['manifest/attribute-unexpected', at('maxSvn'), svnResource(5, 'GSP', ' ns3:maxSvn="3" ns3:minSvn="3"')],
    ['manifest/attribute-unexpected', at('minSvn'), svnResource(5, 'GSP', ' ns2:minSvn="3"')],
    ['manifest/attribute-unexpected', at('Hash0'), svnResource(5, 'GSP', ` ns2:Hash0="${zero}" ns3:minSvn="3"`)],
    ['manifest/attribute-value', at('name'), svnResource(5, '', ' ns3:minSvn="3"')],
    ['manifest/attribute-value', at('active'), svnResource(5, 'GSP', ' ns3:minSvn="3"', 'true')],
  ])('%s at %s (case %#)', async (code, where, record) => {
    expect(await refused({ resources: [one, record] })).toEqual({ code, at: where })
  })

  test('a field or a name twice', async () => {
    const first = svnResource(5, 'GSP', ' ns3:minSvn="3"')
    expect(await refused({ resources: [one, first, svnResource(5, 'FSP', ' ns3:minSvn="3"')] })).toEqual({
      code: 'manifest/index-duplicate',
      at: 'SoftwareIdentity.Payload.Resource[2].index',
    })
    expect(await refused({ resources: [one, first, svnResource(6, 'GSP', ' ns3:minSvn="3"')] })).toEqual({
      code: 'manifest/record-name-duplicate',
      at: 'SoftwareIdentity.Payload.Resource[2].name',
    })
  })

  test('the greatest field number', async () => {
    const resources = [one, svnResource(0xffff, 'LAST', ' ns3:minSvn="0"')]
    const { svnRecords } = await verify(await manifest({ signer, content: { resources } }), signer)
    expect(svnRecords).toEqual([{ fieldId: 0xffff, name: 'LAST', minSvn: 0, includeInResult: false }])
  })
})
