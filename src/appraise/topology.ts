// What GPUs and switches of one machine say about each other, bound to the identities in their certificates.
import type { VerifiedGpuReport, VerifiedSwitchReport } from '../nvidia/verify.js'
import { type AppraiseFailure, appraiseFailure } from '../result/failure.js'

export interface TopologyMembers {
  readonly gpus: readonly { readonly label: string; readonly report: VerifiedGpuReport }[]
  readonly switches: readonly { readonly label: string; readonly report: VerifiedSwitchReport }[]
}

/**
 * Protected PCIe: every GPU sees the same switches, those are exactly the attested ones; every switch sees the same GPUs,
 * those are exactly the attested ones; and identifiers come from certificates, not only from what devices say.
 * Link counts per switch differ between products and are not compared.
 */
export function checkTopology({ gpus, switches }: TopologyMembers): readonly AppraiseFailure[] {
  const failures: AppraiseFailure[] = []
  for (const { label, report } of switches) {
    if (report.devicePdi !== report.identity.pdi) {
      const details = { reported: report.devicePdi ?? '(none)', certified: report.identity.pdi }
      failures.push(appraiseFailure('topology/pdi-mismatch', `${label}.devicePdi`, details))
    }
  }
  const certifiedSwitches = new Set(switches.map(({ report }) => report.identity.pdi))
  const certifiedGpus = new Set(gpus.map(({ report }) => report.identity.pdi))
  compareViews(
    gpus.map(({ label, report }) => ({ label, sees: new Set(report.switchPdis ?? []) })),
    certifiedSwitches,
    {
      differ: 'topology/switch-sets-differ',
      unseen: 'topology/switch-not-seen',
      unattested: 'topology/switch-not-attested',
    },
    failures,
  )
  compareViews(
    switches.map(({ label, report }) => ({ label, sees: new Set(report.gpuPdis ?? []) })),
    certifiedGpus,
    { differ: 'topology/gpu-sets-differ', unseen: 'topology/gpu-not-seen', unattested: 'topology/gpu-not-attested' },
    failures,
  )
  return failures
}

interface ViewCodes {
  readonly differ: 'topology/switch-sets-differ' | 'topology/gpu-sets-differ'
  readonly unseen: 'topology/switch-not-seen' | 'topology/gpu-not-seen'
  readonly unattested: 'topology/switch-not-attested' | 'topology/gpu-not-attested'
}

function compareViews(
  views: readonly { readonly label: string; readonly sees: ReadonlySet<string> }[],
  certified: ReadonlySet<string>,
  codes: ViewCodes,
  failures: AppraiseFailure[],
): void {
  const [first] = views
  for (const { label, sees } of views) {
    if (first !== undefined && !sameSet(sees, first.sees)) failures.push(appraiseFailure(codes.differ, label, {}))
    for (const pdi of sees) if (!certified.has(pdi)) failures.push(appraiseFailure(codes.unattested, label, { pdi }))
    for (const pdi of certified) if (!sees.has(pdi)) failures.push(appraiseFailure(codes.unseen, label, { pdi }))
  }
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((entry) => b.has(entry))
}
