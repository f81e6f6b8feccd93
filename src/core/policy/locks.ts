// Holds each layer of a policy to what the layers below it have locked.
import type { Problem } from '../facts/problem.ts'
import { isRecord } from '../facts/shape.ts'
import type { Path } from '../facts/yaml.ts'
import { type Loosened, must, type Tightening } from '../gates/tightening.ts'
import { columnsLoosened } from './column-locks.ts'
import type { Layer } from './layers.ts'
import { type BrokenLock, type Lock, type Locks, lockedBy, marksOf } from './locked.ts'
import { mergeLayers } from './merged.ts'
import { type PolicyFile, policyFileSchema } from './schema.ts'
import { board, PARTS, SECTIONS } from './tighter.ts'
import { waiversSchema } from './waiver-schema.ts'

/** What holds where a section is in no file: a higher layer may tighten that, too. */
const ABSENT: Record<string, unknown> = { waivers: waiversSchema.parse({}) }

/** Everything that a layer loosens or leaves out though a lower one locked it; each problem names both places. */
export function lockProblems(layers: Layer[]): Problem[] {
  const marks: Lock[] = []
  return layers.flatMap((layer, at) => {
    const problems = marks.length > 0 ? loosenedBy(layer, layers.slice(0, at), marks) : []
    marks.push(...marksOf(layer))
    return problems
  })
}

function loosenedBy(layer: Layer, below: Layer[], marks: Lock[]): Problem[] {
  const under = mergeLayers(below)
  const [locked, now] = [parsed(under.raw), parsed(mergeLayers([...below, layer]).raw)]
  // What has not the right form is refused for that already.
  if (locked === null || now === null) return []
  const locks = lockedBy(marks, under.raw)
  const { file, line } = under.problem(['board'], { message: '' })
  const found = [
    ...partsLoosened(locked, now, locks),
    ...columnsLoosened(locked, now, locks),
    { path: ['board'], lock: { path: [], place: `${file}, line ${line}` }, loosened: boardLoosened(locked, now) },
    ...skipped(locked, now, locks),
  ]
  const said = new Set<string>()
  return found.flatMap(({ path, lock, loosened }) =>
    loosened.flatMap((one) => {
      const full = [...path, ...one.path]
      // A part may be locked by itself, and once more with its section.
      const key = JSON.stringify([full, one.must])
      if (said.has(key)) return []
      said.add(key)
      return [say(layer, full, one, lock)]
    }),
  )
}

function parsed(raw: Record<string, unknown>): PolicyFile | null {
  const read = policyFileSchema.safeParse(raw)
  return read.success ? read.data : null
}

function partsLoosened(locked: PolicyFile, now: PolicyFile, locks: Locks): BrokenLock[] {
  return [...locks.values()].flatMap((lock) => {
    const [section = '', name] = lock.path
    const rule = (name === undefined ? SECTIONS : PARTS)[section] as Tightening<unknown> | undefined
    const [before, after] = [valueAt(locked, lock.path) ?? ABSENT[section], valueAt(now, lock.path)]
    return rule && before !== undefined ? [{ path: lock.path, lock, loosened: rule(before, after) }] : []
  })
}

/** A locked rule holds for its boards: none of them may be read by another field, or for fewer cards. */
function boardLoosened({ board: before }: PolicyFile, { board: after }: PolicyFile): Loosened[] {
  if (before === undefined || after === undefined) return []
  const governed = [before.project, ...(before.also ?? [])]
  return [after.project, ...(after.also ?? [])].some((project) => governed.includes(project))
    ? board(before, after)
    : []
}

/** No layer may let an emergency skip a gate that a lower one locked. A locked emergency says so itself. */
function skipped(locked: PolicyFile, now: PolicyFile, locks: Locks): BrokenLock[] {
  if (locked.emergency && locks.has('emergency')) return []
  const before = locked.emergency?.skips ?? []
  return (now.emergency?.skips ?? []).flatMap((name) => {
    const lock = locks.get(`gates.${name}`)
    if (lock === undefined || before.includes(name)) return []
    return [{ path: ['emergency', 'skips'], lock, loosened: must(`not name \`${name}\``) }]
  })
}

function say(layer: Layer, path: Path, { must: what, what: thing = 'it' }: Loosened, { place, along }: Lock): Problem {
  const shown = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  const taking = along === undefined ? '' : ` with ${nameOf(along)}`
  return {
    ...layer.place(path, 'value'),
    message: `\`${shown.replace(/^\./, '')}\` must ${what}: ${thing} is locked${taking} in ${place}.`,
    remedy: 'A locked rule may be tightened here, and loosened only where it is locked.',
  }
}

function nameOf([section = '', name]: string[]): string {
  const word = WORDS[section] ?? section
  return name === undefined ? `\`${word}\`` : `the ${word} \`${name}\``
}

const WORDS: Record<string, string> = {
  gates: 'gate',
  columns: 'column',
  changes: 'kind of change',
  risk: 'risk',
  agents: 'agent',
  workflows: 'workflow',
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined
  return at
}
