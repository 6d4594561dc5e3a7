#!/usr/bin/env node
// The executable: connects the command line to the process.
import { main } from './run.js'
import { createTerminal } from './terminal.js'

const terminal = createTerminal(process.stdout, process.stderr, process.env)
process.exitCode = await main(terminal, process.argv.slice(2))
