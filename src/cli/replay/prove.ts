// Decides the whole record again by the policies that were in force, card by card.
import { oneLine } from '../../core/decision/explain/escape.ts'
import { eventWords } from '../../core/decision/explain/event-words.ts'
import { unmarkedWords } from '../../core/decision/explain/pieces.ts'
import { replay } from '../../core/decision/replay.ts'
import type { Event } from '../../core/facts/event.ts'
import type { Policy } from '../../core/policy/policy.ts'
import type { Reader } from '../../ledger/ledger.ts'

type Difference = { stream: string; read: string; at: string; recorded: Event[]; replayed: Event[] }

/** `untold`: sentences on what could not be decided again. */
export type Proof = { cards: number; decisions: number; differences: Difference[]; untold: string[] }

export async function proveRecord(ledger: Reader): Promise<Proof> {
  const streams = new Set<string>()
  for await (const { stream } of ledger.entries()) if (stream.startsWith('card:')) streams.add(stream)
  const proof: Proof = { cards: streams.size, decisions: 0, differences: [], untold: [] }
  const policies = new Map<string, Policy | null>()
  for (const stream of streams) {
    const events = (await ledger.read(stream)).map(({ event }) => event)
    const lacking = await learn(ledger, policies, events)
    if (lacking !== null) {
      proof.untold.push(`${stream} cannot be decided again: the store does not hold the policy ${lacking}.`)
      continue
    }
    const found = replay(events, (digest) => (digest === null ? null : (policies.get(digest) ?? null)))
    proof.decisions += found.decisions
    proof.differences.push(...found.differences.map(({ id, ...rest }) => ({ stream, read: id, ...rest })))
  }
  return proof
}

/** Reads the policies that these events name; the digest of one that is not there, else null. */
async function learn(ledger: Reader, policies: Map<string, Policy | null>, events: Event[]): Promise<string | null> {
  for (const event of events) {
    if (event.kind !== 'card-seen' || event.policy === null || event.policy.problems.length > 0) continue
    const { digest } = event.policy
    if (!policies.has(digest)) {
      const text = await ledger.document(digest)
      policies.set(digest, text === null ? null : (JSON.parse(text) as Policy))
    }
    if (policies.get(digest) === null) return digest
  }
  return null
}

const MOST_SHOWN = 50

export function showProof({ cards, decisions, differences, untold }: Proof, color: boolean): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const of = `${count(decisions, 'decision')} about ${count(cards, 'card')}`
  const lines =
    differences.length === 0
      ? [
          `${paint(32, untold.length === 0 ? 'As recorded:' : 'As recorded, as far as it can be told:')} ${of}, each decided again as it was.`,
        ]
      : [`${paint(31, `${count(differences.length, 'difference')}:`)} of ${of}.`]
  for (const { stream, at, recorded, replayed } of differences.slice(0, MOST_SHOWN)) {
    lines.push('', `${oneLine(stream)}  ${paint(2, `${at.slice(0, 10)} ${at.slice(11, 19)}`)}`)
    lines.push(...told('recorded', recorded, replayed), ...told('replayed', replayed, recorded))
  }
  if (differences.length > MOST_SHOWN)
    lines.push('', `and ${differences.length - MOST_SHOWN} more; --json has them all.`)
  lines.push(...untold.map((sentence) => oneLine(sentence, 500)))
  return `${lines.join('\n')}\n`
}

/** Of one side what the other does not have. */
function told(side: string, events: Event[], others: Event[]): string[] {
  const known = others.map((event) => JSON.stringify(event))
  const own = events.filter((event) => !known.includes(JSON.stringify(event)))
  const words = own.map((event) => oneLine(unmarkedWords(eventWords(event)), 2_000))
  return (words.length > 0 ? words : ['nothing']).map((line) => `  ${side}: ${line}`)
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`
}
