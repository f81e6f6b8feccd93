// Bundles each action into its `dist/index.js`, which GitHub runs without an installation: `npm run bundle`.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'rolldown'

const root = import.meta.dirname

/** The actions: every folder here that has an `action.yml`. */
export function actions(): string[] {
  return readdirSync(root).filter((name) => existsSync(join(root, name, 'action.yml')))
}

/** Bundles one action into `folder`/index.js: one ESM file that needs nothing but Node. */
export async function bundle(action: string, folder = join(root, action, 'dist')): Promise<string> {
  const file = join(folder, 'index.js')
  await build({
    input: join(root, action, 'main.ts'),
    platform: 'node',
    logLevel: 'warn',
    output: { file, format: 'esm', codeSplitting: false, minify: { compress: true, mangle: false, codegen: false } },
  })
  return file
}

if (import.meta.main) {
  for (const action of actions()) console.log(await bundle(action))
}
