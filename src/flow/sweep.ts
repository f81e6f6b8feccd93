// Reads the governed boards of one account again, a few requests a sweep, and wakes every card that moved unheard.
import { boardsOfPolicy } from '../core/policy/govern.ts'
import { combine } from '../core/policy/inherit.ts'
import type { Installation, PolicyFile } from '../github/port.ts'
import { adopt } from './adopt.ts'
import { isTransient, reasonOf } from './failure.ts'
import { forgetInstallation, isDenied } from './installation.ts'
import { boardsNamedBy, governing } from './load-policy.ts'
import { learnAbout } from './log-context.ts'
import { notePolicies } from './note-policy.ts'
import { pulls } from './pull-cards.ts'
import { sweepBoard } from './sweep-board.ts'
import { after, now, type World } from './world.ts'

/**
 * `failed`: not all of it could be read; `absent`: the app is not installed. `whole`: boards that were read to their end
 * in this sweep. `unseen`: boards that GitHub does not show to the app.
 */
export type Swept = {
  result: 'read' | 'failed' | 'absent'
  boards: number
  cards: number
  woken: number
  whole: number
  unseen: number
}

/** Cards that may be woken at once; the next as many are due a sweep later, so that a sweep floods nothing. */
const MOST_AT_ONCE = 200

/**
 * One sweep of all boards that some policy of the account names; the policies are read once for all of them. What fails
 * and would fail again is logged and left to the next sweep: a sweep is never set aside. `tell` hears how it ended, also
 * where an outage ends it.
 */
export async function sweep(world: World, owner: string, tell: (swept: Swept) => void): Promise<void> {
  const swept: Swept = { result: 'failed', boards: 0, cards: 0, woken: 0, whole: 0, unseen: 0 }
  const installation = await world.installations.of(owner)
  if (installation === null) {
    world.log.warn({ owner }, 'The app is not installed here, or its installation is suspended: its boards wait')
    return tell({ ...swept, result: 'absent' })
  }
  learnAbout({ installation: installation.id })
  try {
    await sweepBoards(world, installation, swept)
    swept.result = 'read'
    world.log.info(swept, 'Boards were read again')
  } catch (error) {
    if (isTransient(error)) throw error
    if (isDenied(error)) forgetInstallation(world, owner)
    world.log.error({ owner, reason: reasonOf(error) }, 'The boards could not be read; the next sweep tries again')
  } finally {
    tell(swept)
  }
}

async function sweepBoards(world: World, installation: Installation, swept: Swept): Promise<void> {
  const { github, owner } = installation
  const failures: unknown[] = []
  const read: number[] = []
  const policies = await github.policies(owner)
  const wake = async (stream: string) => {
    const rounds = Math.floor(swept.woken / MOST_AT_ONCE)
    swept.woken += 1
    await world.ledger.wake(stream, owner, after(now(world), rounds * world.sweepSeconds))
  }
  for (const board of boardsOf(policies, owner, world)) {
    const { number, field } = board
    const adopted = () => adopt(world, github, owner, number, field)
    try {
      const walked = await sweepBoard(world, github, { owner, ...board }, wake, adopted)
      if (walked === null) {
        swept.unseen += 1
        warnOnce(world, installation, number)
        continue
      }
      read.push(number)
      swept.boards += 1
      swept.cards += walked.cards
      if (walked.whole) swept.whole += 1
    } catch (error) {
      // One board that fails keeps no other from being read.
      failures.push(error)
    }
  }
  await notePolicies(world, owner, policies, read)
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, told(failures))
}

function told(failures: unknown[]): string {
  return [...new Set(failures.map(reasonOf))].join(' ')
}

const warned = new WeakMap<World, Set<string>>()

/** A sentence at the start is enough: each sweep counts the board as unseen. */
function warnOnce(world: World, installation: Installation, number: number): void {
  const { owner } = installation
  const known = warned.get(world) ?? new Set()
  warned.set(world, known)
  if (known.has(`${owner}/${number}`)) return
  known.add(`${owner}/${number}`)
  world.log.warn({ owner, board: number }, unseenBoard(installation, number))
}

/** When the next sweep of an account is due. */
export function nextSweep(world: World): string {
  return after(now(world), world.sweepSeconds)
}

/** Why a board that a policy names cannot be governed, and what to do about it. */
export function unseenBoard({ owner, kind }: Pick<Installation, 'owner' | 'kind'>, number: number): string {
  return kind === 'User'
    ? `Board ${number} of ${owner} cannot be governed: it belongs to a person, and GitHub shows a person's boards to no app. Move it to an organization.`
    : `Board ${number} of ${owner} cannot be read: there is none of that number, or the app lacks the permission "Projects" of the organization.`
}

/** A board under a policy. `governs`: whether a card of that repository (null: of none) is under it. */
export type GovernedBoard = {
  number: number
  field: string
  governs: (repository: string | null) => boolean
  /** The labels that ask for a move there. */
  asking: string[]
  /** The columns that others pull from; `mark` is another one once a policy that says so is. */
  pulling: { from: string[]; mark: string }
}

/** The boards that the policy files name, each with its status field: a repository's file counts on top of the organization's. */
export function boardsOf(
  { files, bases }: { files: PolicyFile[]; bases: PolicyFile[] },
  owner: string,
  on: Pick<World, 'seal' | 'presets'>,
): GovernedBoard[] {
  const fields = new Map<number, string>()
  const asking = new Map<number, string[]>()
  const pulling = new Map<number, { from: string[]; mark: string }>()
  const byRepository = new Map(files.map((file) => [file.repository.toLowerCase(), file]))
  const organization = byRepository.get(`${owner}/.github`.toLowerCase()) ?? null
  for (const file of files) {
    const combined = combine(organization, file === organization ? null : file, {
      presets: on.presets,
      organization: bases,
    })
    if (combined?.ok) {
      const { board, labels } = combined.value
      for (const number of boardsOfPolicy(combined.value)) {
        fields.set(number, board.field)
        const pulled = [...pulls(combined.value).values()]
        const known = pulling.get(number) ?? { from: [], mark: '' }
        if (pulled.length > 0)
          pulling.set(number, { from: [...known.from, ...pulled], mark: on.seal([known.mark, combined.value]).digest })
        asking.set(number, [...(asking.get(number) ?? []), ...Object.keys(labels.move)])
      }
    } else
      for (const number of boardsNamedBy({ organization: file, repository: null, bases }))
        if (!fields.has(number)) fields.set(number, 'Status')
  }
  return [...fields].map(([number, field]) => {
    const known = new Map<string, boolean>()
    const governs = (repository: string | null) => {
      const name = repository?.toLowerCase() ?? ''
      const file = byRepository.get(name) ?? null
      const own = file === organization ? null : file
      const card = { owner, board: number, repository }
      const answer = known.get(name) ?? governing({ organization, repository: own, bases }, card, null, on) !== null
      known.set(name, answer)
      return answer
    }
    const pulled = pulling.get(number) ?? { from: [], mark: '' }
    return { number, field, governs, asking: asking.get(number) ?? [], pulling: pulled }
  })
}
