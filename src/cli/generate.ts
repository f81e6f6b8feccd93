#!/usr/bin/env node
// Writes the files that are made out of the policy's schema; with --check, fails where they are not up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { policyJsonSchema, policyReference } from '../core/policy/reference.ts'

/** Path from the repository's top, and what must stand there. */
export function generatedFiles(): Record<string, string> {
  return {
    'policies/schema.json': `${JSON.stringify(policyJsonSchema(), null, 2)}\n`,
    'docs/policy.md': policyReference(),
  }
}

/** The generated files that differ from what they must be. */
export function staleFiles(root: URL): string[] {
  return Object.entries(generatedFiles()).flatMap(([path, text]) => (read(new URL(path, root)) === text ? [] : [path]))
}

function read(file: URL): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL('../../', import.meta.url)
  const stale = staleFiles(root)
  if (!process.argv.includes('--check')) {
    for (const [path, text] of Object.entries(generatedFiles())) writeFileSync(new URL(path, root), text)
  } else if (stale.length > 0) {
    console.error(`Not up to date: ${stale.join(', ')}. Run node src/cli/generate.ts.`)
    process.exitCode = 1
  }
}
