// Entry "./collateral": bundles of manifests and revocation data, read and written offline, or collected over the network.
export type { CollateralBundle, DocumentOrigin, ManifestOrigin, OcspOrigin } from './bundle.js'
export { encodeCollateral, parseCollateral } from './bundle-json.js'
export { type CollateralCache, createCollateralCache } from './cache.js'
export { type CollectedCollateral, collectCollateral } from './collect.js'
export type { CollectLimits, CollectOptions, CollectWorld, Fetch, FetchResponse } from './options.js'
