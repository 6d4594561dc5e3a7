import { defineConfig, type Options } from 'tsup'

const entries = {
  index: 'src/index.ts',
  'anchors/nvidia': 'src/anchors/nvidia.ts',
  collateral: 'src/collateral/index.ts',
  noble: 'src/crypto/noble.ts',
  territories: 'src/territories/index.ts',
  location: 'src/location-entry.ts',
  token: 'src/token-entry.ts',
  testing: 'src/testing/index.ts',
}
const { index, token, location, collateral, noble, testing, territories, 'anchors/nvidia': anchors } = entries

const common: Options = { target: 'es2022', external: [/^[^./]/] }
const library: Options = { ...common, format: ['esm', 'cjs'], platform: 'neutral', splitting: true }

/** Has the modules that `filter` names, each exported by tsup.library.ts, come out of the file built from it. */
function namesOutOf(file: string, filter: RegExp): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'names out of the library',
    setup({ initialOptions, onResolve }) {
      const path = `${file}.${initialOptions.format === 'cjs' ? 'cjs' : 'js'}`
      onResolve({ filter }, ({ kind }) =>
        kind === 'entry-point' ? undefined : { path, external: true, sideEffects: false },
      )
    },
  }
}

const config: ReturnType<typeof defineConfig> = defineConfig([
  // One copy of every module per format: the run-time half of Verified<T> is a module-level WeakSet that entries share.
  // What four entries have in common is one file, not a file per set of entries: opening a file takes Node as long as
  // compiling 50 KB of it.
  { ...library, entry: { library: 'tsup.library.ts', territories } },
  {
    ...library,
    entry: { index, token, location, collateral },
    esbuildPlugins: [namesOutOf('./library', /^\./)],
  },
  { ...library, entry: { 'anchors/nvidia': anchors }, esbuildPlugins: [namesOutOf('../library', /trust-anchor\.js$/)] },
  // No state, and nothing of the above is asked of whoever needs only these.
  { ...library, entry: { noble, testing } },
  { ...common, entry: entries, format: ['esm', 'cjs'], dts: { only: true } },
  { ...common, entry: { 'cli/main': 'src/cli/main.ts' }, format: ['esm'], platform: 'node' },
])
export default config
