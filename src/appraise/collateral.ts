// What an appraisal needs besides evidence: manifests as received, and parsed revocation data.
import type { Bytes } from '../bytes/bytes.js'
import type { CertificateRevocationList } from '../x509/crl.js'
import type { OcspResponse } from '../x509/ocsp.js'

/** Untrusted input like any other: every document in it is verified before it counts. */
export interface Collateral {
  /** Reference manifests (SWID XML), as received. */
  readonly manifests: readonly Bytes[]
  readonly ocspResponses: readonly OcspResponse[]
  readonly crls: readonly CertificateRevocationList[]
}

/** No collateral: what it would have shown stays indeterminate. */
export const emptyCollateral: Collateral = /* @__PURE__ */ Object.freeze({
  manifests: /* @__PURE__ */ Object.freeze([]),
  ocspResponses: /* @__PURE__ */ Object.freeze([]),
  crls: /* @__PURE__ */ Object.freeze([]),
})
