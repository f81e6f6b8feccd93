// Holds each layer of a policy to what the layers below it have locked.
import type { Problem } from '../facts/problem.ts'
import { isRecord } from '../facts/shape.ts'
import type { Path } from '../facts/yaml.ts'
import { type Loosened, must, type Tightening } from '../gates/tightening.ts'
import { mergeLayers } from './merged.ts'
import type { ReadFile } from './policy-file.ts'
import { type PolicyFile, policyFileSchema } from './schema.ts'
import { agent, board, change, column, gate, risk, SECTIONS, workflow } from './tighter.ts'
import { waiversSchema } from './waiver-schema.ts'

const BY_NAME: Record<string, Tightening<never>> = {
  gates: gate,
  changes: change,
  risk,
  workflows: workflow,
  agents: agent,
}

/** What holds where a section is in no file: a higher layer may tighten that, too. */
const ABSENT: Record<string, unknown> = { waivers: waiversSchema.parse({}) }

/** What is locked, as `gates.offline-eval`, `columns.Production` or `moves`, and where that is written. */
type Locks = Map<string, { path: Path; place: string }>

/** Everything that a layer loosens or leaves out though a lower one locked it; each problem names both places. */
export function lockProblems(layers: ReadFile[]): Problem[] {
  const locks: Locks = new Map()
  return layers.flatMap((layer, at) => {
    const problems = at > 0 && locks.size > 0 ? loosenedBy(layer, layers.slice(0, at), locks) : []
    lock(layer, layers.slice(0, at + 1), locks)
    return problems
  })
}

function parsed(layers: ReadFile[]): PolicyFile | null {
  const read = policyFileSchema.safeParse(mergeLayers(layers).raw)
  return read.success ? read.data : null
}

function loosenedBy(layer: ReadFile, below: ReadFile[], locks: Locks): Problem[] {
  const [locked, now] = [parsed(below), parsed([...below, layer])]
  // What has not the right form is refused for that already.
  if (locked === null || now === null) return []
  const found: [path: Path, name: string, loosened: Loosened[]][] = []
  for (const [name, { path }] of locks) {
    const [section = '', entry] = path as string[]
    if (section === 'columns') continue
    const rule = (entry === undefined ? SECTIONS[section] : BY_NAME[section]) as Tightening<unknown> | undefined
    const [before, after] = [valueAt(locked, path) ?? ABSENT[name], valueAt(now, path)]
    if (rule && before !== undefined) found.push([path, name, rule(before, after)])
  }
  found.push(...columnsLoosened(locked, now, locks), ...boardLoosened(locked, now), ...skipped(locked, now, locks))
  return found.flatMap(([path, name, loosened]) =>
    loosened.map((one) => say(layer, [...path, ...one.path], one.must, locks.get(name)?.place ?? '')),
  )
}

function say(layer: ReadFile, path: Path, what: string, place: string): Problem {
  const shown = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  const where = place === '' ? '' : `: it is locked in ${place}`
  return {
    ...layer.place(path, 'value'),
    message: `\`${shown.replace(/^\./, '')}\` must ${what}${where}.`,
    remedy: 'A locked rule may be tightened here, and loosened only where it is locked.',
  }
}

type Columns = NonNullable<PolicyFile['columns']>

function columnsLoosened(locked: PolicyFile, now: PolicyFile, locks: Locks): [Path, string, Loosened[]][] {
  const before: Columns = locked.columns ?? []
  const after: Columns = now.columns ?? []
  const kept = before.filter(({ name }) => locks.has(`columns.${name}`))
  const order = kept.map(({ name }) => after.findIndex((other) => other.name === name))
  return kept.flatMap((rule, at): [Path, string, Loosened[]][] => {
    const name = `columns.${rule.name}`
    const index = order[at] ?? -1
    if (index < 0) return [[['columns'], name, must(`hold \`${rule.name}\``)]]
    const disordered = order.slice(0, at).some((other) => other > index)
    const loosened = disordered ? must(`come after \`${kept[at - 1]?.name}\``) : []
    return [[['columns', index], name, [...loosened, ...column(rule, after[index] as Columns[number])]]]
  })
}

/** A locked rule holds for its boards: none of them may be read by another field, or for fewer cards. */
function boardLoosened(locked: PolicyFile, now: PolicyFile): [Path, string, Loosened[]][] {
  const [before, after] = [locked.board, now.board]
  if (before === undefined || after === undefined) return []
  const governed = [before.project, ...(before.also ?? [])]
  return [after.project, ...(after.also ?? [])].some((project) => governed.includes(project))
    ? [[['board'], '', board(before, after)]]
    : []
}

/** No layer may let an emergency skip a gate that a lower one locked. */
function skipped(locked: PolicyFile, now: PolicyFile, locks: Locks): [Path, string, Loosened[]][] {
  const skips = (file: PolicyFile) => file.emergency?.skips ?? []
  const added = skips(now).filter((name) => locks.has(`gates.${name}`) && !skips(locked).includes(name))
  return added.map((name) => [['emergency', 'skips'], `gates.${name}`, must(`not name \`${name}\``)])
}

/** Notes what a layer locks. A column locks the gates and workflows it names; a gate, the kinds and risks of its `when`, and how long it may be waived. */
function lock(layer: ReadFile, layers: ReadFile[], locks: Locks): void {
  const merged = mergeLayers(layers).raw
  const all = layer.raw?.locked === true
  const note = (path: Path, at: Path) => {
    const name = path.join('.')
    if (locks.has(name) || valueAt(merged, path) === undefined) return
    const { file, line } = layer.place(at, 'key')
    locks.set(name, { path, place: `${file}, line ${line}` })
    if (path[0] === 'gates') noteGate(valueAt(merged, path), at, `${file}, line ${line}`)
  }
  const noteGate = (rule: unknown, at: Path, place: string) => {
    if (!isRecord(rule)) return
    if (rule.waive !== undefined && !locks.has('waivers')) locks.set('waivers', { path: ['waivers'], place })
    const conditions = recordOf(rule.when)
    for (const name of names(conditions.changes)) note(['changes', name], at)
    for (const name of names(conditions.risk)) note(['risk', name], at)
  }
  for (const section of Object.keys(BY_NAME))
    for (const [name, entry] of Object.entries(recordOf(layer.raw?.[section])))
      if (all || isLocked(entry)) note([section, name], [section, name])
  for (const section of Object.keys(SECTIONS))
    if (layer.raw?.[section] !== undefined && (all || isLocked(layer.raw[section]))) note([section], [section])
  const columns = Array.isArray(layer.raw?.columns) ? layer.raw.columns : []
  columns.forEach((rule: unknown, at) => {
    if (!isRecord(rule) || typeof rule.name !== 'string' || !(all || isLocked(rule))) return
    const { file, line } = layer.place(['columns', at], 'value')
    const name = `columns.${rule.name}`
    if (!locks.has(name)) locks.set(name, { path: ['columns', rule.name], place: `${file}, line ${line}` })
    for (const named of [...names(rule.enter), ...names(rule.leave)]) note(['gates', named], ['columns', at])
    for (const named of names(rule.then)) note(['workflows', named], ['columns', at])
  })
}

function isLocked(entry: unknown): boolean {
  return isRecord(entry) && entry.locked === true
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) at = isRecord(at) && Object.hasOwn(at, step) ? at[step] : undefined
  return at
}
