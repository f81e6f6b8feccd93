// The files that one policy is made of: the organization's, the repository's, and what each of them extends.
import type { Problem } from '../facts/problem.ts'
import { unknownName } from '../facts/shape.ts'
import { type PolicySource, type ReadFile, readPolicyFile } from './policy-file.ts'
import { BASE_NAME } from './schema.ts'

/**
 * What a policy may extend. `presets`: texts by name and version, as in `andon/regulated@1`. `organization`: the files of
 * its `.github` repository under `policies/`.
 */
export type Bases = { presets: Record<string, string>; organization: PolicySource[] }

/** A file in the stack, and what it extends itself. */
export type Layer = ReadFile & { bases: Layer[] }

export const NO_BASES: Bases = { presets: {}, organization: [] }

/** The file, and below it all that it extends, lowest first. A file that is `known` already lies below both. */
function layersOf(source: PolicySource, bases: Bases, known: Layer[]): Layer[] {
  const layers: Layer[] = []
  stack(readPolicyFile(source), [], known, layers, bases)
  return layers
}

/** All layers of a policy, lowest first: the organization's with what it extends, then the repository's with what it extends. */
export function allLayers(organization: PolicySource | null, repository: PolicySource | null, bases: Bases): Layer[] {
  const under = organization ? layersOf(organization, bases, []) : []
  return repository ? [...under, ...layersOf(repository, bases, under)] : under
}

/** The file and all that it extends, whatever lies between. */
export function reachOf(layer: Layer): Layer[] {
  const reached = new Set([layer])
  for (const each of reached) for (const base of each.bases) reached.add(base)
  return [...reached]
}

function stack(file: ReadFile, above: ReadFile[], known: Layer[], layers: Layer[], bases: Bases): Layer {
  const way = [...above, file]
  const path = (at: number) => (Array.isArray(file.raw?.extends) ? ['extends', at] : ['extends'])
  const extended: Layer[] = []
  for (const [at, name] of references(file).entries()) {
    const source = sourceOf(name, bases)
    const circle = source === null ? -1 : way.findIndex((each) => isSame(each.source, source))
    const wrong =
      source === null ? unknownBase(name, bases) : circle >= 0 ? selfExtension(way.slice(circle), source) : null
    if (wrong) file.problems.push({ ...file.place(path(at), 'value'), ...wrong })
    else if (source) {
      const lower = [...known, ...layers].find((each) => isSame(each.source, source))
      extended.push(lower ?? stack(baseOf(source), way, known, layers, bases))
    }
  }
  const layer = { ...file, bases: extended }
  layers.push(layer)
  return layer
}

/** A preset names no board: whoever extends it says which board is meant. */
function baseOf(source: PolicySource): ReadFile {
  const file = readPolicyFile(source)
  if (!isPreset(source) || file.raw === null) return file
  const { board: _, ...raw } = file.raw
  return { ...file, raw }
}

/** As far as it is legible: the schema has said what is wrong with the rest. */
function references({ raw }: ReadFile): string[] {
  const written = raw?.extends
  const list = Array.isArray(written) ? written : [written]
  return list.filter((name): name is string => typeof name === 'string' && BASE_NAME.test(name))
}

function sourceOf(name: string, { presets, organization }: Bases): PolicySource | null {
  if (Object.hasOwn(presets, name)) return { repository: '', path: name, text: presets[name] ?? '' }
  return organization.find(({ path }) => path === name) ?? null
}

function isPreset({ repository, path }: PolicySource): boolean {
  return repository === '' && path.startsWith('andon/')
}

function isSame(a: PolicySource, b: PolicySource): boolean {
  return a.repository === b.repository && a.path === b.path
}

function unknownBase(name: string, { presets, organization }: Bases): Problem {
  const preset = name.startsWith('andon/')
  const known = preset ? Object.keys(presets) : organization.map(({ path }) => path)
  if (preset) return { ...unknownName(name, [], 'is no preset of this version of Andon'), ...choice(known) }
  if (known.length > 0) return unknownName(name, known, 'is nothing that can be extended')
  return {
    message: `\`${name}\` is nothing that can be extended: the organization’s \`.github\` repository has no files under \`policies/\`.`,
    remedy: 'Add the file there, or extend a preset, as in `andon/regulated@1`.',
  }
}

function choice(presets: string[]): { remedy?: string } {
  return presets.length === 0 ? {} : { remedy: `There are: ${presets.map((one) => `\`${one}\``).join(', ')}.` }
}

function selfExtension(circle: ReadFile[], source: PolicySource): Problem {
  const names = [...circle.map((file) => file.source.path), source.path].map((path) => `\`${path}\``)
  return { message: `This extends itself: ${names.join(' → ')}.`, remedy: 'Take one of these `extends` out.' }
}
