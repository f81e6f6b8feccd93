// Whatever a repository writes over what is locked: if it is taken, no card meets less of the locked gates than before.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applies, changeKindOf, gatesFor, isForward } from '../../../src/core/decision/pipeline.ts'
import { riskOf } from '../../../src/core/decision/risk.ts'
import type { Card } from '../../../src/core/facts/card.ts'
import type { Change } from '../../../src/core/facts/change.ts'
import type { Facts } from '../../../src/core/facts/query.ts'
import { combine } from '../../../src/core/policy/inherit.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'

const LABELS = ['a', 'b', 'c']
const LOGINS = ['x', 'y']
const PARTS = ['model', 'prompts']
const COLUMNS = ['One', 'Two', 'Three', 'Four']

const some = <T>(...from: T[]) => fc.subarray(from, { minLength: 1 })
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
const marked = <T extends object>(one: fc.Arbitrary<T>) =>
  fc.tuple(one, fc.integer({ min: 0, max: 4 })).map(([part, mark]) => (mark === 0 ? { ...part, locked: true } : part))

const kind = fc.record({ label: maybe(fc.constantFrom(...LABELS)), requires: fc.subarray(PARTS) })
const risk = fc.record({ labels: some(...LABELS), changes: fc.subarray(['k1', 'k2']) })
const agent = fc.record({ login: fc.constantFrom(...LOGINS) })
const condition = fc
  .record({ changes: maybe(some('k1', 'k2')), risk: maybe(some('r1', 'r2', 'default')) })
  .filter(({ changes, risk: risks }) => changes !== undefined || risks !== undefined)
const when = maybe(fc.oneof(condition, fc.record({ agents: fc.oneof(fc.constant(true), some('g1', 'g2')) })))
const byRisk = (min: number) =>
  fc.record({ default: fc.integer({ min, max: 3 }), r1: maybe(fc.integer({ min, max: 3 })) })
const gate = fc.oneof(
  fc.record({ kind: fc.constant('approval'), teams: fc.constant(['t']), count: byRisk(1), when }),
  fc.record({ kind: fc.constant('manifest'), when }),
  fc.record({
    kind: fc.constant('budget'),
    of: fc.constant('risk'),
    limit: fc.constant(9),
    window: fc.constant('7d'),
    weights: maybe(byRisk(0)),
  }),
  maybe(condition).map((except) => ({
    kind: 'freeze',
    windows: [{ cron: '0 0 * * *', minutes: 5, zone: 'UTC', except }],
  })),
)
const column = (name: string) =>
  fc.record({
    name: fc.constant(name),
    enter: fc.subarray(['p', 'q']),
    leave: fc.subarray(['q']),
    limit: maybe(fc.constantFrom('r1', 'r2', 'default').map((name) => ({ 'per-risk': { [name]: 1 } }))),
  })
const organization = fc.record({
  version: fc.constant(1),
  locked: fc.constantFrom(undefined, undefined, undefined, true),
  board: fc.constant({ project: 1 }),
  changes: fc.record({ k1: marked(kind), k2: kind }),
  risk: fc.record({ r1: risk, r2: marked(risk) }),
  agents: fc.record({ g1: agent, g2: agent }),
  gates: fc.record({ p: marked(gate), q: marked(gate) }),
  columns: fc.tuple(marked(column('One')), marked(column('Two')), marked(column('Three'))),
})
type Written = { columns: { name: string }[]; gates: Record<string, object> }

/** One thing that a repository may write: whoever finds a way around a lock finds it with one. */
const repository = ({ columns, gates }: Written) => {
  const one = <T>(section: string, names: string[], part: fc.Arbitrary<T>) =>
    fc.tuple(fc.constantFrom(...names), part).map(([name, value]) => ({ [section]: { [name]: value } }))
  const bare = columns.map((rule) => ({ ...rule, locked: undefined }))
  const conditioned = fc
    .tuple(fc.constantFrom('p', 'q'), when)
    .map(([name, also]) => ({ gates: { [name]: { ...gates[name], locked: undefined, when: also } } }))
  const changed = fc.oneof(
    one('changes', ['k1', 'k2', 'k3'], kind),
    one('risk', ['r1', 'r2', 'r3'], risk),
    one('agents', ['g1', 'g2', 'g3'], agent),
    one('gates', ['p', 'q'], gate),
    conditioned,
    fc.shuffledSubarray([...bare, { name: 'Four' }], { minLength: 2 }).map((rules) => ({ columns: rules })),
  )
  return changed.map((part) => ({ version: 1, ...part }))
}

const read = (under: object, over: object | null): Policy | null => {
  const file = (name: string, value: object) => ({ repository: name, path: 'andon.yml', text: JSON.stringify(value) })
  const combined = combine(file('acme/.github', under), over && file('acme/bot', over))
  return combined?.ok ? combined.value : null
}

type Sample = { labels: string[]; word: string | null; login: string }
const CARDS: Sample[] = [[], ['a'], ['b'], ['c'], ['a', 'b'], ['b', 'c']].flatMap((labels) =>
  ['k1', 'k2', 'k3', null].flatMap((word) => LOGINS.map((login) => ({ labels, word, login }))),
)

/** What a gate asks of a card, the more the greater each number; null where it does not apply. */
function demand(policy: Policy, name: string, { labels, word, login }: Sample): number[] | null {
  const card = { content: { labels: labels.map((label) => ({ name: label })) }, fields: {} } as unknown as Card
  const found = changeKindOf(policy, card, { kind: word } as Change)
  const { risk: at } = riskOf(policy, card, found, {} as Facts)
  const agents = (policy.agents ?? []).filter((one) => one.login === login).slice(0, 1)
  const rule = policy.gates[name]
  if (
    rule === undefined ||
    !applies(
      rule,
      card,
      found,
      at,
      agents.map((one) => one.name),
    )
  )
    return null
  const settings = rule.settings as { count: Numbers; weights?: Numbers; windows: { except?: Except }[] }
  const known = policy.changes.find((one) => one.name === found)
  switch (rule.kind) {
    case 'approval':
      return [settings.count[at] ?? settings.count.default ?? 0]
    case 'budget':
      return [settings.weights?.[at] ?? settings.weights?.default ?? 1]
    case 'manifest':
      if (policy.changes.length > 0 && known === undefined) return PARTS.map(() => 2)
      return PARTS.map((part) => (known?.requires.includes(part) ? 1 : 0))
    default:
      return settings.windows.map(({ except }) => {
        const byRisk = except?.risk?.includes(at) ?? true
        const byKind = except?.changes?.includes(found ?? '') ?? true
        return except && byRisk && byKind ? 0 : 1
      })
  }
}
type Numbers = Record<string, number>
type Except = { risk?: string[]; changes?: string[] }

/** How many cards of its risk a column takes. */
function room(policy: Policy, name: string, { labels, word }: Sample): number {
  const card = { content: { labels: labels.map((label) => ({ name: label })) }, fields: {} } as unknown as Card
  const { risk: at } = riskOf(policy, card, changeKindOf(policy, card, { kind: word } as Change), {} as Facts)
  return policy.columns.find((rule) => rule.name === name)?.limit?.perRisk?.[at] ?? Number.POSITIVE_INFINITY
}

type Marked = { locked?: boolean | undefined }
type Organization = Marked & {
  gates: Record<string, Marked>
  columns: (Marked & { name: string; enter: string[]; leave: string[] })[]
}

/** Each card that a locked gate asks less of, or a locked column has more room for, and each way around a locked gate. */
function lost(before: Policy, after: Policy, { locked, gates, columns }: Organization): string[] {
  const closed = columns.filter((rule) => locked || rule.locked)
  const named = closed.flatMap(({ enter, leave }) => [...enter, ...leave])
  const kept = Object.keys(gates).filter((name) => locked || gates[name]?.locked || named.includes(name))
  const less = (name: string, card: Sample) => {
    const [was, is] = [demand(before, name, card), demand(after, name, card)]
    return was?.some((number, at) => number > (is?.[at] ?? 0)) ?? false
  }
  const isIn = ({ columns: rules }: Policy, name: string) => rules.some((rule) => rule.name === name)
  const there = (name: string | null) => name === null || (isIn(before, name) && isIn(after, name))
  const ways = [null, ...COLUMNS].flatMap((from) => COLUMNS.map((to) => [from, to] as const))
  return [
    ...CARDS.flatMap((card) =>
      kept.filter((name) => less(name, card)).map((name) => `${name} of ${JSON.stringify(card)}`),
    ),
    ...CARDS.flatMap((card) =>
      closed
        .filter(({ name }) => room(after, name, card) > room(before, name, card))
        .map(({ name }) => `${name} for ${JSON.stringify(card)}`),
    ),
    ...ways
      .filter(([from, to]) => there(from) && there(to) && isForward(before, from, to))
      .filter(([from, to]) => {
        const asked = gatesFor(before, from, to, false).filter((name) => kept.includes(name))
        const now = isForward(after, from, to) ? gatesFor(after, from, to, false) : []
        return asked.some((name) => !now.includes(name))
      })
      .map(([from, to]) => `the way from ${from} to ${to}`),
  ]
}

it('no card meets less of what is locked', () => {
  let taken = 0
  const written = organization.chain((under) => fc.tuple(fc.constant(under), repository(under)))
  fc.assert(
    fc.property(written, ([under, over]) => {
      const [before, after] = [read(under, null), read(under, over)]
      if (before === null || after === null) return
      taken += 1
      expect(lost(before, after, under as Organization)).toEqual([])
    }),
    { numRuns: 1000, seed: 14 },
  )
  // Most of what can be written is refused: a test of nothing else would pass.
  expect(taken).toBeGreaterThan(300)
})
