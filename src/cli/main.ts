#!/usr/bin/env node
// The executable: connects the command line to the process.
import { main } from './run.js'
import { createTerminal } from './terminal.js'

// A reader that has seen enough (`| head`) closes the pipe; the exit code still says the verdict.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
const terminal = createTerminal(process.stdout, process.stderr, process.env)
process.exitCode = await main(terminal, process.argv.slice(2))
