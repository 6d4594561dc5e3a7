import { defineConfig } from 'tsup'

const library = {
  index: 'src/index.ts',
  'anchors/nvidia': 'src/anchors/nvidia.ts',
  collateral: 'src/collateral/index.ts',
  noble: 'src/crypto/noble.ts',
  territories: 'src/territories/index.ts',
  location: 'src/location-entry.ts',
  token: 'src/token-entry.ts',
  testing: 'src/testing/index.ts',
}

const config: ReturnType<typeof defineConfig> = defineConfig([
  {
    entry: library,
    format: ['esm', 'cjs'],
    // One copy of every module per format: the run-time half of Verified<T> is a module-level WeakSet that entries share.
    splitting: true,
    dts: true,
    target: 'es2022',
    platform: 'neutral',
    clean: true,
    external: [/^[^./]/],
  },
  {
    entry: { 'cli/main': 'src/cli/main.ts' },
    format: ['esm'],
    target: 'es2022',
    platform: 'node',
    external: [/^[^./]/],
  },
])
export default config
