// Turns people's `/andon` comments and move labels into events, each once.
import {
  commandQueries,
  RETRY_OF_GRANTED,
  type ReadCommand,
  readCommand,
  refuseCommand,
} from '../core/decision/command.ts'
import type { Move } from '../core/decision/move.ts'
import { outdated } from '../core/decision/standing.ts'
import { giveWaiver, type WaiverGround } from '../core/decision/waiver.ts'
import { type Actor, GHOST } from '../core/facts/actor.ts'
import { type Card, type Commit, sameLabel } from '../core/facts/card.ts'
import type { Event } from '../core/facts/event.ts'
import type { Query } from '../core/facts/query.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Knock } from '../github/knock.ts'
import type { CommandComment } from '../github/port.ts'

export type NewCommand = { comment: CommandComment; read: ReadCommand }

/** What stands on GitHub as the commands are read. */
type Ground = WaiverGround & { commit: Commit | null }

/** Commands not answered yet. An edited comment does not speak again; "Re-run" on a check of ours asks like `retry`. */
export function newCommands(move: Move, comments: CommandComment[], knocks: Knock[]): NewCommand[] {
  const reruns = knocks.flatMap((knock) => (knock.knock === 'check' && knock.rerequested ? [rerun(knock)] : []))
  return [...comments, ...reruns].flatMap((comment) => {
    if (move.handled.includes(comment.url) || comment.edited) return []
    const read = readCommand(comment.body)
    return read ? [{ comment, read }] : []
  })
}

/** One person's wish for one move's checks: the suite's several checks, asked for together, are one wish. */
function rerun({ by, sha, externalId }: Extract<Knock, { knock: 'check' }>): CommandComment {
  const url = `rerun:${sha}:${externalId ?? ''}:${by.login}`
  return { id: url, url, by, at: '', body: '/andon retry', edited: false }
}

export function queriesOf(commands: NewCommand[], policy: Policy): Query[] {
  return commands.flatMap(({ read }) => (read.ok ? commandQueries(read.command, policy) : []))
}

export function commandEvents(move: Move, commands: NewCommand[], policy: Policy, ground: Ground): Event[] {
  const { change, facts, at } = ground
  return commands.flatMap(({ comment, read }): Event[] => {
    const { by, url } = comment
    const words = (comment.body.split(/\r?\n/)[0] ?? '').trim().slice(0, 100)
    const given = { kind: 'command-given' as const, at, by, command: words, url, retry: null }
    if (!read.ok) return [{ ...given, refused: read.message }]
    const refused = refuseCommand(read.command, by, policy, facts)
    if (refused !== null) return [{ ...given, refused }]
    const { command } = read
    const late = outdated(comment.at, move, ground)
    switch (command.command) {
      case 'status':
        return [{ ...given, refused: null }]
      case 'approve':
        if (change === null)
          return [{ ...given, refused: 'There is no readable manifest, so there is nothing to bind an approval to.' }]
        if (late !== null) return [{ ...given, refused: late }]
        return [
          { ...given, refused: null },
          { kind: 'approval-given', at, by, change: change.digest, url, written: comment.at },
        ]
      case 'waive': {
        const waiver = giveWaiver(command, by, url, move, policy, ground)
        if (!waiver.ok) return [{ ...given, refused: waiver.why }]
        if (late !== null) return [{ ...given, refused: late }]
        return [
          { ...given, refused: null },
          { kind: 'gate-waived', ...waiver.waiver },
        ]
      }
      case 'retry': {
        const last = move.current
        if (last?.outcome === 'granted') return [{ ...given, refused: RETRY_OF_GRANTED }]
        const again: Event[] =
          last?.outcome === 'refused' && last.to !== null
            ? [{ kind: 'move-asked', at, to: last.to, by, via: 'command', label: null }]
            : []
        return [{ ...given, refused: null, retry: command.gate ?? '*' }, ...again]
      }
      default:
        return command satisfies never
    }
  })
}

/**
 * The label on the card that asks for a move, and who added it: each adding asks once. Where GitHub's timeline does not
 * tell of it, a label of which no delivery has told yet is left to the turn that its own delivery brings; a turn that
 * nothing but the clock woke takes it without knowing its adder. `pending` are labels whose removal is already ordered.
 */
export function labelEvents(
  move: Move,
  card: Card,
  policy: Policy,
  knocks: Knock[],
  pending: string[],
  at: string,
): Event[] {
  const asked = (card.content?.labels ?? []).flatMap(({ name: label, added }): Event[] => {
    const [, to] = Object.entries(policy.labels.move).find(([name]) => sameLabel(name, label)) ?? []
    const heard = move.heard[label]
    if (to === undefined || (added && heard === added.id)) return []
    if (!(added && heard) && pending.includes(label)) return []
    const by = added?.by ?? adderOf(label, knocks)
    if (by === null) return []
    return [{ kind: 'move-asked', at, to, by, via: 'label', label, ...(added && { added: added.id }) }]
  })
  return asked.slice(0, 1)
}

/** Null: not known yet. */
function adderOf(label: string, knocks: Knock[]): Actor | null {
  const knock = knocks.findLast((each) => each.knock === 'content' && each.label?.name === label)
  const adder = knock?.knock === 'content' ? (knock.label?.by ?? null) : null
  return adder ?? (knocks.length > 0 ? null : GHOST)
}
