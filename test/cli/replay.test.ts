// `andon replay`, as a person or a script meets it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { runReplay } from '../../src/cli/replay.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { HOSTILE, RECORDED_POLICY, record, recordMoves, tell } from '../support/recorded-moves.ts'
import { hear } from '../support/terminal.ts'

const scratch = mkdtempSync(join(tmpdir(), 'andon-replay-'))
const folder = join(scratch, 'store')
afterAll(() => rmSync(scratch, { recursive: true }))

const POLICY = `version: 1
board: { project: 12 }
columns:
  - name: Backlog
  - name: Ready
  - { name: In Evaluation, start: [offline-eval] }
  - { name: Staging, limit: 3, enter: [offline-eval, docs] }
  - { name: Production, enter: [release-approval, docs], then: [promote-model] }
gates:
  offline-eval: { kind: evaluation, workflow: andon-evaluate.yml, metrics: { accuracy: { min: 0.9 }, toxicity: { max: 0.005 } } }
  docs: { kind: files, paths: [docs/card.md] }
  release-approval: { kind: approval, teams: [ai-safety], independent: true }
workflows:
  promote-model: { file: andon-registry.yml }
`

/** The recorded policy with some of its words replaced, as a file. */
function policy(...replaced: [string, string][]): string {
  const path = join(scratch, 'andon.yml')
  writeFileSync(
    path,
    replaced.reduce((text, [old, now]) => text.replace(old, now), POLICY),
  )
  return path
}

const run = (args: string[], store = folder, color = false) =>
  hear(scratch, (terminal) => runReplay(args, terminal, { ANDON_DATA: store }), color)

/** The board came under the policy of these stories. */
async function keepPolicy(ledger: Ledger): Promise<void> {
  const event = { kind: 'board-adopted' as const, at: '2026-11-23T09:00:00.000Z', owner: 'acme', project: 'PVT_1' }
  await ledger.append(
    'board:acme/12',
    0,
    [
      { id: '01J00000000000000000000000', event: { ...event, number: 12, title: 'Delivery', cards: 0 } },
      {
        id: '01J00000000000000000000001',
        event: {
          ...{ kind: 'policy-changed', at: event.at, repository: '', digest: RECORDED_POLICY.digest, previous: null },
          sources: [],
        },
      },
    ],
    { documents: [RECORDED_POLICY] },
  )
}

beforeAll(async () => {
  const ledger = await openLedger({ folder, clock: () => new Date('2026-11-23T18:00:00Z') })
  await keepPolicy(ledger)
  await recordMoves(ledger)
  await ledger.close()
})

describe('without a policy', () => {
  it('proves that the record follows from its facts', async () => {
    expect(await run([])).toEqual({
      code: 0,
      out: 'As recorded: 12 decisions about 8 cards, each decided again as it was.\n',
      err: '',
    })
    expect(JSON.parse((await run(['--json'])).out)).toMatchObject({ cards: 8, differences: [], untold: [] })
  })

  it('shows a decision that does not follow from its facts', async () => {
    const other = join(scratch, 'forged')
    const ledger = await openLedger({ folder: other, clock: () => new Date('2026-11-23T18:00:00Z') })
    await keepPolicy(ledger)
    const story = tell({ number: 7, title: 'Answer refunds better' }).adopted('In Evaluation')
    const decided = story.moved('Staging')
    const asked = decided.find((event) => event.kind === 'move-opened')
    if (asked?.kind !== 'move-opened') throw new Error('no move')
    const { move, from, to, change, at } = asked
    story.events.splice(story.events.indexOf(asked) + 1)
    story.take({ kind: 'move-granted', at, move, from, to, reason: 'all-gates-passed', change })
    await record(ledger, story)
    await ledger.close()
    const { code, out } = await run([], other)
    expect(code).toBe(1)
    expect(out).toContain('1 difference: of 1 decision about 1 card.')
    expect(out).toContain('recorded: The move to Staging was granted: Every gate passed.')
  })

  it('says which policy the store does not hold, and answers 2', async () => {
    const other = join(scratch, 'lost')
    const ledger = await openLedger({ folder: other, clock: () => new Date('2026-11-23T18:00:00Z') })
    const story = tell({ number: 7, title: 'x' }).adopted('In Evaluation')
    story.moved('Staging')
    await record(ledger, story)
    await ledger.close()
    const { code, out } = await run([], other)
    expect(code).toBe(2)
    expect(out).toContain(
      `card:PVTI_7 cannot be decided again: the store does not hold the policy ${RECORDED_POLICY.digest}.`,
    )
  })
})

describe('with a policy', () => {
  it('finds no difference under the policy that decided', async () => {
    const { code, out, err } = await run(['--policy', policy()])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('Of the last 6 moves, none would be decided otherwise.\n')
    expect(out).not.toContain('What changes')
  })

  it('lists the moves that would be decided otherwise, with reason and move, and what changes', async () => {
    const { code, out } = await run(['--policy', policy(['min: 0.9', 'min: 0.95'], ['limit: 3', 'limit: 4'])])
    expect(code).toBe(1)
    expect(out).toMatchInlineSnapshot(`
      "Of the last 6 moves, 1 would now be refused, 1 cannot be told from the record.

      What changes
        The limit of Staging: 3 → 4 (looser)
        Staging: offline-eval asks accuracy min 0.90 → 0.95 (stricter)

      Would now be refused
        acme/bot#7  Answer refunds better  In Evaluation → Staging, granted 2026-11-23, move 01J00000000000000007003001
          offline-eval: A criterion is not met: accuracy is 0.93, and must be ≥ 0.95.

      Cannot be told from the record
        acme/bot#12  A fourth card for Staging  In Evaluation → Staging, refused 2026-11-23, move 01J00000000000000012003001
          Needs a run of andon-evaluate.yml for offline-eval, whether docs/card.md was at the commit.
      "
    `)
  })

  it('says what cannot be told, and answers 2 where nothing else differs', async () => {
    const { code, out } = await run([
      '--policy',
      policy(
        ['[offline-eval, docs]', '[offline-eval, docs, leads]'],
        ['gates:', 'gates:\n  leads: { kind: approval, teams: [leads] }'],
      ),
    ])
    expect(out).toContain('Needs the members of leads.')
    expect(code).toBe(2)
  })

  it('tells the yield of a gate that is only shown', async () => {
    const shown = policy(['kind: evaluation,', 'kind: evaluation, enforce: false,'])
    expect((await run(['--policy', shown])).out).toContain(
      'offline-eval is only shown: judged 2 times, and 1 time it cannot be told; enforced, it would have refused 1.',
    )
  })

  it('takes only as many moves as asked, of the cards that are meant', async () => {
    expect((await run(['--policy', policy(), '--moves', '3'])).out).toContain('Of the last 3 moves')
    expect((await run(['--policy', policy(), '--repository', 'acme/other'])).out).toContain('holds no decided move')
    expect((await run(['--policy', policy(), '--owner', 'someone'])).out).toContain('holds no decided move')
    expect((await run(['--policy', policy(['project: 12', 'project: 13'])])).out).toContain('holds no decided move')
  })

  it('gives JSON to scripts, in which nothing steers a terminal', async () => {
    const { out } = await run(['--policy', policy(['[docs/card.md]', '[docs/other.md]']), '--json'])
    const { untold } = JSON.parse(out)
    expect(untold.map(({ card }: { card: { title: string } }) => card.title)).toContain(HOSTILE)
    expect(out).not.toContain('\u202e')
    expect((await run(['--policy', policy(['[docs/card.md]', '[docs/other.md]'])])).out).not.toContain('\u202e')
  })

  it('is coloured only where a terminal wants it', async () => {
    const args = ['--policy', policy(['min: 0.9', 'min: 0.95'])]
    expect((await run(args)).out).not.toContain('\u001b[')
    expect((await run(args, folder, true)).out).toContain('\u001b[31mWould now be refused\u001b[0m')
  })
})

describe('what cannot be done', () => {
  it.each([
    [['--moves', '0', '--policy', 'x'], '--moves is a whole number from 1 to 10000.'],
    [['--moves', '9'], '--moves goes with --policy: without one, the whole record is decided again.'],
    [['--polcy', 'x'], 'There is no option --polcy. Did you mean --policy?'],
    [['--policy', 'nowhere.yml'], 'nowhere.yml cannot be read (ENOENT).'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await run(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(words)
  })

  it('says everything that is wrong with the policy', async () => {
    const { code, err } = await run(['--policy', policy(['limit: 3', 'limt: 3'], ['min: 0.9', 'min: "0.9"'])])
    expect(code).toBe(2)
    expect(err).toContain('Did you mean `limit`?')
    expect(err).toContain('Leave out the quotes.')
    expect(err).toContain('andon check shows where')
  })

  it('names the store that is not there', async () => {
    expect(await run([], join(scratch, 'nowhere'))).toMatchObject({ code: 2, out: '' })
  })
})

it('teaches by its help', async () => {
  const { code, out } = await hear(scratch, (terminal) => main(['replay', '--help'], terminal))
  expect(code).toBe(0)
  for (const part of ['--policy', 'never guessed', 'Exit codes: 0 no difference', 'jq']) expect(out).toContain(part)
})
