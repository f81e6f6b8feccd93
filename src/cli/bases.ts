// What a policy on disk may extend: the shipped presets, and the files beside the organization's policy.
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Bases } from '../core/policy/inherit.ts'
import { readPresets } from '../presets.ts'

/** `organization`: the path of its policy; its bases lie under `policies/` at the top of the same checkout. */
export async function readBases(organization: string | null, cwd: string): Promise<Bases> {
  const presets = readPresets()
  if (organization === null) return { presets, organization: [] }
  const top = dirname(resolve(cwd, organization)).replace(/[\\/]\.github$/, '')
  const names = await readdir(join(top, 'policies')).catch(() => [])
  const paths = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => `policies/${name}`)
  const read = async (path: string) => ({ repository: '', path, text: await readFile(join(top, path), 'utf8') })
  return { presets, organization: await Promise.all(paths.map(read)) }
}
