// What of a policy is locked: what its files mark so, and all that decides what that means and which cards it meets.
import { isRecord } from '../facts/shape.ts'
import type { Path } from '../facts/yaml.ts'
import type { Loosened } from '../gates/tightening.ts'
import { type Layer, reachOf } from './layers.ts'
import { type Mention, mentionsIn } from './mentions.ts'
import { PARTS, SECTIONS } from './tighter.ts'

/**
 * A part, as `['gates', 'offline-eval']`, or a whole section, as `['moves']`. `place`: where that is marked; `along`: the
 * marked part that takes this one along.
 */
export type Lock = { path: string[]; place: string; along?: string[] }

/** By their paths, as `gates.offline-eval`. */
export type Locks = Map<string, Lock>

/** What a layer loosens of it, at a path of the policy. */
export type BrokenLock = { path: Path; lock: Lock; loosened: Loosened[] }

type Raw = Record<string, unknown>
type PlaceOf = (path: (string | number)[], what: 'key' | 'value') => string

/** Sections without parts that are locked one by one. */
const WHOLE = Object.keys(SECTIONS).filter((section) => !Object.hasOwn(PARTS, section))

/** What a file marks. One that is locked as a whole marks all in it and in what it extends, and every section, written or not. */
export function marksOf(layer: Layer): Lock[] {
  const placeOf: PlaceOf = (path, what) => {
    const { file, line } = layer.place(path, what)
    return `${file}, line ${line}`
  }
  if (layer.raw?.locked !== true) return marksIn(layer.raw ?? {}, isMarked, placeOf)
  const place = placeOf(['locked'], 'key')
  return [
    ...reachOf(layer).flatMap(({ raw }) => marksIn(raw ?? {}, () => true, raw === layer.raw ? placeOf : () => place)),
    ...WHOLE.map((section) => ({ path: [section], place })),
  ]
}

function marksIn(raw: Raw, isMarked: (part: unknown) => boolean, placeOf: PlaceOf): Lock[] {
  const parts = Object.keys(PARTS).flatMap((section) =>
    Object.entries(recordOf(raw[section])).map(([name, part]) => ({ path: [section, name], part })),
  )
  const sections = WHOLE.flatMap((section) =>
    raw[section] === undefined ? [] : { path: [section], part: raw[section] },
  )
  const columns = columnsOf(raw).flatMap(({ name, rule }, at) =>
    isMarked(rule) ? { path: ['columns', name], place: placeOf(['columns', at], 'value') } : [],
  )
  const marked = [...parts, ...sections].filter(({ part }) => isMarked(part))
  return [...marked.map(({ path }) => ({ path, place: placeOf(path, 'key') })), ...columns]
}

/** What is marked, and what that takes along in the policy as the layers up to here make it. */
export function lockedBy(marks: Lock[], raw: Raw): Locks {
  const locks: Locks = new Map()
  const mentions = mentionsIn(raw)
  const open = [...marks]
  // What is taken along takes along in its turn.
  for (const lock of open) {
    if (locks.has(lock.path.join('.'))) continue
    locks.set(lock.path.join('.'), lock)
    for (const path of takenAlong(lock.path, raw, mentions)) open.push({ along: lock.path, ...lock, path })
  }
  return locks
}

function takenAlong(path: string[], raw: Raw, mentions: Mention[]): string[][] {
  const [section = '', name = ''] = path
  const at = section === 'columns' ? ['columns', columnsOf(raw).findIndex((column) => column.name === name)] : path
  const mentioned = mentions
    .filter((mention) => at.every((step, index) => mention.path[index] === step) && mention.path[2] !== 'start')
    .flatMap(meant)
  switch (section) {
    case 'columns':
      return [...mentioned, ['agents'], ['moves']]
    case 'gates':
      return [...mentioned, ['agents'], ...aroundGate(name, raw, mentions)]
    case 'risk':
      return [...mentioned, ...risksBefore(name, raw)]
    case 'changes':
    case 'agents':
      return [[section]]
    default:
      return []
  }
}

/** What must stay as it is, so that a mention means what it meant. */
function meant({ of, name }: Mention): string[][] {
  switch (of) {
    case 'gates':
    case 'workflows':
      return [[of, name]]
    case 'risk':
      // The first that fits a card is the card's, and `default` is what none takes.
      return [name === 'default' ? ['risk'] : ['risk', name]]
    case 'changes':
      // A label goes before the manifest’s own word: any kind may take a card from any other.
      return [['changes']]
    case 'agents': // Locked with every gate and column.
    case 'columns':
      return []
    default:
      return of satisfies never
  }
}

/** What it does not mention: the kinds that a manifest may be of, the bounds of its waivers, the emergencies that skip it, and the way to it. */
function aroundGate(name: string, raw: Raw, mentions: Mention[]): string[][] {
  const { kind, waive } = recordOf(recordOf(raw.gates)[name])
  const mentionedBy = (section: string) =>
    mentions.some(({ path, of, name: gate }) => path[0] === section && of === 'gates' && gate === name)
  return [
    ...(kind === 'manifest' ? [['changes']] : []),
    ...(waive === undefined ? [] : [['waivers']]),
    ...(mentionedBy('emergency') ? [['emergency']] : []),
    ...(mentionedBy('columns') ? [['moves']] : []),
  ]
}

function risksBefore(name: string, raw: Raw): string[][] {
  const risks = Object.keys(recordOf(raw.risk))
  return risks.slice(0, Math.max(0, risks.indexOf(name))).map((risk) => ['risk', risk])
}

function columnsOf({ columns }: Raw): { name: string; rule: unknown }[] {
  return (Array.isArray(columns) ? columns : []).map((rule: unknown) => {
    const { name } = recordOf(rule)
    return { name: typeof name === 'string' ? name : '', rule }
  })
}

function isMarked(part: unknown): boolean {
  return recordOf(part).locked === true
}

function recordOf(value: unknown): Raw {
  return isRecord(value) ? value : {}
}
