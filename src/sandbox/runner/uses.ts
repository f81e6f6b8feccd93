// What a step's `uses` names, and whether this sandbox can run it.
import { isAbsolute, join, relative, resolve } from 'node:path'
import type { RunnerOptions } from './host.ts'

const BUILT_IN = ['actions/checkout', 'actions/upload-artifact', 'actions/setup-node'] as const
type BuiltIn = (typeof BUILT_IN)[number]

export type Use =
  | { use: 'built-in'; action: BuiltIn }
  | { use: 'local'; path: string }
  /** `root` is the folder of the action's repository on this machine, `path` the action's place in it. */
  | { use: 'repository'; root: string; path: string; repository: string; ref: string }
  | { use: 'unknown'; message: string }

export function readUses(uses: string, options: RunnerOptions): Use {
  if (uses.startsWith('./')) return { use: 'local', path: uses }
  const [, repository = '', path = '', ref = ''] = /^([^/@\s]+\/[^/@\s]+)((?:\/[^@\s]*)?)@(\S+)$/.exec(uses) ?? []
  const builtIn = BUILT_IN.find((name) => name === repository.toLowerCase())
  if (builtIn && path === '') return { use: 'built-in', action: builtIn }
  const root = Object.entries(options.actionRepositories ?? {}).find(
    ([name]) => name.toLowerCase() === repository.toLowerCase(),
  )?.[1]
  if (root && inside(root, join(root, path)))
    return { use: 'repository', root, path: path.replace(/^\//, ''), repository, ref }
  const known = [...BUILT_IN, ...Object.keys(options.actionRepositories ?? {}).map((name) => `${name}/…`)]
  return {
    use: 'unknown',
    message: `The sandbox cannot run '${uses}'. It knows actions of the checked-out repository (./…) and ${known.join(', ')}.`,
  }
}

/** True for the folder itself and everything below it. */
export function inside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(folder, path))
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}
