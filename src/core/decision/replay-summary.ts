// Sums up what another policy would have decided about recorded moves, and what each of its gates would have done.
import type { Policy } from '../policy/policy.ts'
import type { ReplayedMove } from './replay-moves.ts'

/**
 * What a gate did over the moves that it applies to. `refused`: how many it would have refused, all others granting.
 * `untold`: how often the record does not tell what it would have said.
 */
export type GateYield = {
  gate: string
  enforce: boolean
  judged: number
  passed: number
  refused: number
  untold: number
}

/** The moves whose outcome is another one, newest first. */
export type ReplaySummary = {
  moves: number
  refused: ReplayedMove[]
  granted: ReplayedMove[]
  waiting: ReplayedMove[]
  untold: ReplayedMove[]
  gates: GateYield[]
}

export function summarizeReplay(moves: Iterable<ReplayedMove>, policy: Policy): ReplaySummary {
  const found: ReplaySummary = { moves: 0, refused: [], granted: [], waiting: [], untold: [], gates: [] }
  const yields = new Map<string, GateYield>()
  for (const { name, enforce } of Object.values(policy.gates))
    yields.set(name, { gate: name, enforce, judged: 0, passed: 0, refused: 0, untold: 0 })
  for (const move of moves) {
    found.moves += 1
    const { outcome } = move.ruling
    if (outcome !== move.recorded) found[outcome].push(move)
    count(yields, move)
  }
  for (const list of [found.refused, found.granted, found.waiting, found.untold])
    list.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
  return { ...found, gates: [...yields.values()] }
}

const REFUSES = ['fail', 'error', 'unsure']

function count(yields: Map<string, GateYield>, { ruling }: ReplayedMove): void {
  for (const gate of ruling.gates) {
    const known = yields.get(gate.name)
    if (known === undefined) continue
    if (gate.verdict === null) {
      known.untold += 1
      continue
    }
    known.judged += 1
    if (gate.verdict === 'pass') known.passed += 1
    const others = ruling.gates.filter((other) => other !== gate && other.enforce)
    if (REFUSES.includes(gate.verdict) && others.every(({ verdict }) => verdict === 'pass')) known.refused += 1
  }
}
