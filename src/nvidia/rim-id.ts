// A report to the ids under which NVIDIA publishes the reference manifests for it.
import type { Product } from './architecture.js'
import type { GpuReport } from './gpu-report.js'
import type { SwitchReport } from './switch-report.js'

/** Every LS10 has these; the report does not state them. */
const switchBoard = '5612_0002_890'

function compact(version: string): string {
  return version.replaceAll('.', '').toUpperCase()
}

/**
 * Id of the driver manifest. `product` comes from the verified identity: a report does not name its own chip on Hopper.
 * Undefined where the report states no driver, where no scheme is published (Rubin), and for GB110 and GB20X without
 * field 35, since those names stand for several chips.
 */
export function driverRimId(report: GpuReport, product: Product): string | undefined {
  const { driverVersion } = report
  if (driverVersion === undefined) return undefined
  switch (product) {
    case 'GH100':
      return `NV_GPU_DRIVER_GH100_${driverVersion}`
    case 'GB100':
    case 'GB110':
    case 'GB20X': {
      // Drivers before field 35 existed ran on GB100 only.
      const chip = report.chipInfo ?? (product === 'GB100' ? 'GB100' : undefined)
      return chip === undefined ? undefined : `NV_GPU_CC_DRIVER_${chip.toUpperCase()}_${driverVersion}`
    }
    case 'GR100':
    case 'LS_10':
      return undefined
    default:
      return product satisfies never
  }
}

/** Id of the GPU firmware manifest; undefined unless the report states project, both SKUs and the VBIOS version. */
export function vbiosRimId(report: GpuReport): string | undefined {
  const { project, projectSku, chipSku, vbiosVersion } = report
  if (project === undefined || projectSku === undefined || chipSku === undefined || vbiosVersion === undefined)
    return undefined
  return `NV_GPU_VBIOS_${project}_${projectSku}_${chipSku}_${compact(vbiosVersion)}`.toUpperCase()
}

/** Id of the switch firmware manifest; undefined unless the report states the BIOS version. */
export function switchBiosRimId(report: SwitchReport): string | undefined {
  return report.biosVersion === undefined ? undefined : `NV_SWITCH_BIOS_${switchBoard}_${compact(report.biosVersion)}`
}
