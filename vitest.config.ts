import { defineConfig, type ViteUserConfig as UserConfig } from 'vitest/config'

const config: UserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    pool: 'forks',
  },
})
export default config
