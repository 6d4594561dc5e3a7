import { defineConfig } from 'tsup'

const config: ReturnType<typeof defineConfig> = defineConfig([
  {
    entry: { index: 'src/index.ts' },
    format: ['esm', 'cjs'],
    // One copy of every module in each format: the run-time half of Verified<T> is a module-level WeakSet.
    splitting: true,
    dts: true,
    target: 'es2022',
    platform: 'neutral',
    clean: true,
    sourcemap: false,
    external: [/^[^./]/],
  },
])
export default config
