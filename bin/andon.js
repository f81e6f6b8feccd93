#!/usr/bin/env node
// Starts the command line. Node strips types of no file under `node_modules`, so an installed package does it itself.
import { readFileSync } from 'node:fs'
import * as modules from 'node:module'

const HERE = new URL('../', import.meta.url).href

if (HERE.includes('/node_modules/')) {
  if (modules.registerHooks === undefined) {
    console.error(`andon needs Node 22.22 or newer, and this is ${process.version}.`)
    process.exit(2)
  }
  // What it does is still called an experiment by Node, which is no news to whoever runs a command.
  const { emitWarning } = process
  process.emitWarning = (warning, ...more) =>
    String(warning).includes('stripTypeScriptTypes') ? undefined : emitWarning.call(process, warning, ...more)
  modules.registerHooks({
    load(url, context, next) {
      if (!url.startsWith(`${HERE}src/`) || !url.endsWith('.ts')) return next(url, context)
      const source = modules.stripTypeScriptTypes(readFileSync(new URL(url), 'utf8'))
      return { format: 'module', source, shortCircuit: true }
    },
  })
}

const { run } = await import('../src/cli/main.ts')
await run()
