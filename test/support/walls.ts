// The walls of the house as rules over its source files: each finds the places where a wall is broken.
import { dirname, join, normalize } from 'node:path/posix'

/** A source file: its path from the root with `/`, and its text. */
export type Source = { path: string; text: string }

/** What one file imports: `path` is a file of ours, `name` a package with its subpath. */
type Import = { from: string } & ({ path: string } | { name: string })

const FLOORS = ['facts', 'statistics', 'gates', 'policy', 'decision']
const CORE_PACKAGES = ['zod', 'yaml', 'croner']
const VAGUE_NAMES = /^(utils?|helpers?|common|managers?|services?|types?|misc)$/
const MAX_LINES = 300

/** Everything that is broken, as sentences that name the file. Empty where all walls stand. */
export function brokenWalls(sources: Source[]): string[] {
  const imports = sources.flatMap(readImports)
  return [
    ...imports.flatMap((one) =>
      RULES.flatMap((rule) => rule(one) ?? []).map(
        (why) => `${one.from} imports ${'path' in one ? one.path : one.name}: ${why}.`,
      ),
    ),
    ...gatesThatMeet(sources, imports),
    ...sources.flatMap(impurities),
    ...cycles(imports).map((cycle) => `${cycle.join(' → ')}: folders may not import each other in a circle.`),
    ...sources.flatMap(habits),
  ]
}

type Rule = (one: Import) => string | null

const RULES: Rule[] = [
  (one) => {
    if (!isIn(one.from, 'src/core')) return null
    if ('name' in one)
      return CORE_PACKAGES.includes(packageOf(one.name)) ? null : `the core uses only ${CORE_PACKAGES.join(', ')}`
    return isIn(one.path, 'src/core') ? null : 'the core imports nothing but itself'
  },
  (one) => {
    if (!isIn(one.from, 'src/core') || !('path' in one) || !isIn(one.path, 'src/core')) return null
    const from = FLOORS.indexOf(one.from.split('/')[2] ?? '')
    const to = FLOORS.indexOf(one.path.split('/')[2] ?? '')
    if (from < 0 || to < 0) return `the core has only the floors ${FLOORS.join(', ')}`
    return to <= from ? null : `the floors are ${FLOORS.join(' ← ')}`
  },
  (one) => {
    if (!('name' in one) || !one.name.startsWith('@octokit/') || isIn(one.from, 'src/github')) return null
    const schema = isIn(one.from, 'src/sandbox') && packageOf(one.name) === '@octokit/graphql-schema'
    return schema ? null : 'only src/github knows Octokit'
  },
  (one) => {
    if (!isIn(one.from, 'src/flow') || !('path' in one)) return null
    const ports = ['src/github/port.ts', 'src/github/knock.ts', 'src/ledger/port.ts']
    const behind = isIn(one.path, 'src/github') || isIn(one.path, 'src/ledger')
    return behind && !ports.includes(one.path) ? 'the flow sees GitHub and the ledger through their ports' : null
  },
  (one) => {
    if (!isIn(one.from, 'action') || !('path' in one) || isIn(one.path, 'action')) return null
    const allowed = isIn(one.path, 'src/core/facts') || isIn(one.path, 'src/core/statistics')
    return allowed ? null : 'an action imports core/facts and core/statistics only'
  },
  (one) => {
    if (!isIn(one.from, 'src') || !('path' in one) || isIn(one.path, 'src')) return null
    return isIn(one.path, 'action') || isIn(one.path, 'test') ? 'the app stands without actions and tests' : null
  },
]

/** Gates are the files that `gates/index.ts` lists; what they share is no gate. */
function gatesThatMeet(sources: Source[], imports: Import[]): string[] {
  const index = sources.find((source) => source.path === 'src/core/gates/index.ts')
  const listed = index ? readImports(index).flatMap((one) => ('path' in one ? one.path : [])) : []
  const gates = new Set(
    listed.filter((path) => dirname(path) === 'src/core/gates' && path !== 'src/core/gates/gate.ts'),
  )
  return imports.flatMap((one) => {
    if (!('path' in one) || !isIn(one.from, 'src/core/gates') || one.from === index?.path) return []
    return gates.has(one.path) || one.path === index?.path
      ? `${one.from} imports ${one.path}: gates never import each other.`
      : []
  })
}

/** The core has no clock, no randomness, no network, no logger and no process: not as an import, not as a global. */
function impurities({ path, text }: Source): string[] {
  if (!isIn(path, 'src/core')) return []
  const world =
    /\b(Date\.now|new Date\(\)|Math\.random|process\.|console\.|fetch\(|setTimeout|setInterval|performance\.|crypto\.|import\()/g
  return [...withoutComments(text).matchAll(world)].map((match) => `${path} uses ${match[1]}: the core is pure.`)
}

function habits({ path, text }: Source): string[] {
  const broken: string[] = []
  const vague = path.split('/').find((part) => VAGUE_NAMES.test(part.replace(/\.ts$/, '')))
  if (vague) broken.push(`${path} is named ${vague}: a file is named by what it holds.`)
  const lines = text.trimEnd().split('\n').length
  if (lines > MAX_LINES) broken.push(`${path} has ${lines} lines: ${MAX_LINES} at most.`)
  const opening = /^(?:#!.*\n)?((?:\/\/ .*\n)+|\/\*\*[\s\S]*?\*\/)/.exec(`${text}\n`)?.[1]
  if (!opening || !/[.!?](\s|$)/m.test(opening))
    broken.push(`${path} does not open with a sentence that says what it is for.`)
  return broken
}

/** Circles between rooms: `src/<room>`, `src/core/<floor>`, `action/<name>`; files above the rooms belong to none. */
function cycles(imports: Import[]): string[][] {
  const edges = new Map<string, Set<string>>()
  for (const one of imports) {
    const [from, to] = [roomOf(one.from), 'path' in one ? roomOf(one.path) : null]
    if (from === null || to === null || from === to) continue
    edges.set(from, (edges.get(from) ?? new Set()).add(to))
  }
  const found = new Map<string, string[]>()
  const walk = (room: string, way: string[]) => {
    const at = way.indexOf(room)
    if (at >= 0) {
      const circle = way.slice(at)
      const key = [...circle].sort().join()
      if (!found.has(key)) found.set(key, [...circle, room])
      return
    }
    for (const next of edges.get(room) ?? []) walk(next, [...way, room])
  }
  for (const room of edges.keys()) walk(room, [])
  return [...found.values()]
}

function roomOf(path: string): string | null {
  const parts = path.split('/').slice(0, -1)
  const depth = parts[0] === 'src' && parts[1] === 'core' ? 3 : 2
  return parts.length < depth ? null : parts.slice(0, depth).join('/')
}

/** Imports and re-exports, types too, static and dynamic, of files and packages. */
function readImports({ path, text }: Source): Import[] {
  const code = withoutComments(text)
  const fixed = code.matchAll(/^\s*(?:import|export)\s+(?:type\s+)?(?:[\w$*{}\s,]+?\s*from\s*)?['"]([^'"\n]+)['"]/gm)
  const loose = code.matchAll(/\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/g)
  return [...fixed, ...loose].map((match) => {
    const name = match[1] ?? ''
    return name.startsWith('.') ? { from: path, path: normalize(join(dirname(path), name)) } : { from: path, name }
  })
}

/** Comments out, so that an import in an example is none. Whole-line ones only: a `//` may stand in a string. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}
