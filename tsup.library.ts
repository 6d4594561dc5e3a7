// All that the entries ".", "./token", "./location" and "./collateral" hand out, for the build: they are names out of one file.
export * from './src/collateral/index.js'
// Two entries have a type of this name; at run time there is neither.
export type { Responder } from './src/index.js'
export * from './src/index.js'
export * from './src/location-entry.js'
export * from './src/token-entry.js'
