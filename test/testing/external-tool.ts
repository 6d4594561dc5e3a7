// Runs independent implementations (openssl, xmlsec1, xmllint) on what the testing kit makes; says so where they are missing.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface ToolResult {
  readonly status: number | null
  readonly output: string
}

/** True if the tool can be run; a missing one is reported on stderr, so that a skipped check is not taken for a passed one. */
export function hasTool(name: string, versionArgument = 'version'): boolean {
  const present = spawnSync(name, [versionArgument]).error === undefined
  if (!present) process.stderr.write(`\n!! ${name} is not installed: the checks that need it are SKIPPED\n`)
  return present
}

/** Writes `files` into a fresh folder, runs the tool there, and removes the folder. */
export function runTool(
  name: string,
  options: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
): ToolResult {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-attestation-'))
  try {
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content)
    const { status, stdout, stderr } = spawnSync(name, [...options], { cwd: folder, encoding: 'utf8' })
    return { status, output: `${stdout}${stderr}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
