// `inspect`: shows everything in the evidence. Proves nothing and says so.
import { encodeHex } from '../bytes/hex.js'
import type { Evidence } from '../nvidia/evidence.js'
import type { GpuReport } from '../nvidia/gpu-report.js'
import type { SwitchReport } from '../nvidia/switch-report.js'
import type { Certificate } from '../x509/certificate.js'
import { describeName } from '../x509/name.js'
import { toJson } from './json.js'
import { printable, type Terminal, table } from './terminal.js'

export function inspect(terminal: Terminal, evidence: readonly Evidence[], json: boolean): void {
  if (json) {
    terminal.line(toJson({ verdict: 'none: inspect only reads', items: evidence.map(describeItem) }))
    return
  }
  for (const item of evidence) showItem(terminal, item)
  terminal.line(terminal.doubtful('Nothing above is verified. Use `gpu-attestation verify` for a verdict.'))
}

function describeItem({ kind, report, certificates, declared }: Evidence): object {
  const { raw: _raw, signed: _signed, ...fields } = report
  return {
    kind,
    declared,
    report: fields,
    certificates: certificates.map(describeCertificate),
  }
}

function describeCertificate(certificate: Certificate): object {
  return {
    subject: describeName(certificate.subject),
    issuer: describeName(certificate.issuer),
    serialNumber: encodeHex(certificate.serialNumber),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    signatureAlgorithm: certificate.signatureAlgorithm.oid,
    extensions: certificate.extensions.map(({ oid, critical, value }) => ({ oid, critical, value })),
  }
}

function showItem(terminal: Terminal, item: Evidence): void {
  terminal.line(terminal.strong(`${item.kind} ${printable(item.at)}`.trim()))
  const fields = item.report.kind === 'gpu' ? gpuFields(item.report) : switchFields(item.report)
  const rows = [...fields, ...commonFields(item)].map(([name, value]) => [terminal.faint(name), value])
  for (const row of table(rows, '  ')) terminal.line(row)
  terminal.line(`  ${terminal.strong('certificates')} (leaf first)`)
  const chain = item.certificates.map((one) => [
    printable(describeName(one.subject)),
    day(one.notBefore),
    day(one.notAfter),
    encodeHex(one.serialNumber),
  ])
  for (const row of table(chain, '    ')) terminal.line(row)
  terminal.line(`  ${terminal.strong('measurements')} (index as in manifests)`)
  const blocks = item.report.measurements.map((block) => [String(block.index - 1), block.form, encodeHex(block.value)])
  for (const row of table(blocks, '    ')) terminal.line(row)
  terminal.line()
}

type Row = readonly [string, string]

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function commonFields({ report, declared }: Evidence): readonly Row[] {
  const stated: Row[] = declared.arch === undefined ? [] : [['label in the file', printable(declared.arch)]]
  return [
    ...stated,
    ['nonce in the report', encodeHex(report.request.nonce)],
    ['opaque data', `${report.opaque.layout}, version ${report.opaqueDataVersion}`],
    ['unknown fields', report.unknownFields.map(({ id }) => String(id)).join(', ') || 'none'],
    [
      'bytes',
      `${report.raw.length}${report.trailing.length > 0 ? `, of which ${report.trailing.length} after the signature` : ''}`,
    ],
  ]
}

function gpuFields(report: GpuReport): readonly Row[] {
  return rowsOf([
    ['driver', report.driverVersion],
    ['VBIOS', report.vbiosVersion],
    ['project', report.project && `${report.project} ${report.projectSku ?? ''} ${report.projectSkuMod ?? ''}`],
    ['chip SKU', report.chipSku && `${report.chipSku} ${report.chipSkuMod ?? ''}`],
    ['chip', report.chipInfo],
    ['board id', report.boardId?.toString(16)],
    ['mode', report.mode && `${report.mode} (from ${report.modeSource ?? ''})`],
    ['protected PCIe', report.protectedPcie],
    ['NVDEC0', report.nvdec0],
    ['FWID', report.fwid && encodeHex(report.fwid)],
    ['security version', report.svn?.toString()],
    ['switch PDIs', report.switchPdis?.join(' ')],
    ['system enable status', report.sysEnableStatus && encodeHex(report.sysEnableStatus)],
  ])
}

function switchFields(report: SwitchReport): readonly Row[] {
  return rowsOf([
    ['BIOS', report.biosVersion],
    ['PDI', report.devicePdi],
    ['position', report.positionId?.toString()],
    ['locked', report.locked === undefined ? undefined : report.locked ? 'yes' : 'no'],
    ['GPU PDIs', report.gpuPdis?.join(' ')],
    ['disabled ports', report.disabledPorts?.join(' ')],
  ])
}

function rowsOf(rows: readonly (readonly [string, string | undefined])[]): readonly Row[] {
  return rows.map(([name, value]) => [name, value === undefined ? '(not stated)' : printable(value.trim() || '(none)')])
}
