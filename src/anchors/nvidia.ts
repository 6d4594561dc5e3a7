// NVIDIA's trust anchors as data: names and keys, opt-in. Published by NVIDIA with its attestation SDK; see docs/guide.
import { parseHex } from '../bytes/hex.js'
import type { NonEmptyArray } from '../result/result.js'
import { type TrustAnchor, trustAnchor } from '../x509/trust-anchor.js'

/** What each anchor may vouch for: a key for manifests must not make devices, nor the other way round. */
export interface NvidiaTrustAnchors {
  /** Roots of device certificates, GPU and NVSwitch. */
  readonly device: NonEmptyArray<TrustAnchor>
  /** Roots of reference manifest signers. */
  readonly manifest: NonEmptyArray<TrustAnchor>
}

/** SubjectPublicKeyInfo of an uncompressed P-384 point, up to the point. */
const p384 = '3076301006072a8648ce3d020106052b81040022036200'

function anchor(nameHex: string, pointHex: string): TrustAnchor {
  return trustAnchor({ name: parseHex(nameHex, 'name'), spki: parseHex(p384 + pointHex, 'spki') })
}

/**
 * NVIDIA's production roots. Anchors are a name and a key, so both certificates NVIDIA has issued over the device root key
 * lead here. The root for CoRIM in COSE ("NVIDIA CoRIM Root CA001") is left out: nothing here verifies that format.
 *
 * - device: CN=NVIDIA Device Identity CA, O=NVIDIA. Certificate SHA-256 102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48
 *   (in every device chain) and 8805700fd307db6801f9a8a7a91acbf72e513cdf8ed16e0bfeaf62318037ad96.
 * - manifest: C=US, O=NVIDIA, CN=NVIDIA CoRIM signing Root CA. Certificate SHA-256
 *   12977b5115acb0381179279fffeb5a8c4d264971ebb32298023a465fa41df5d1.
 */
export const nvidiaTrustAnchors: NvidiaTrustAnchors = /* @__PURE__ */ Object.freeze({
  device: /* @__PURE__ */ Object.freeze([
    /* @__PURE__ */ anchor(
      '30353122302006035504030c194e564944494120446576696365204964656e74697479204341310f300d060355040a0c064e5649444941',
      '040e4c14a33bf8a5626658db4129607e4cbf4519c4412716f4d0d917c4978005bdeabeaefd57bc66082d718a4f8b6052e1516ee8a7c422b84de857071bb58fd395bea0cfa1c63ee7c80d6bd63901d91cbbd187d3857dc16b5cceaf238ff8c27dbd',
    ),
  ] as const),
  manifest: /* @__PURE__ */ Object.freeze([
    /* @__PURE__ */ anchor(
      '3045310b3009060355040613025553310f300d060355040a0c064e56494449413125302306035504030c1c4e564944494120436f52494d207369676e696e6720526f6f74204341',
      '04b840b28bdbcd33e230da57d4cf2065747030682d4717b4c2829d7641c1325139b74da831c2be3c779e7e2b65489566080e4ecd94021075c57f15fedeb862c8f906ae8fddc7b12238597dbdf0fa56e78453833f6d0be43af3871a47f057584799',
    ),
  ] as const),
})
