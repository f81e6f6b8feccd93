// The pages as people read them: the list, its search, and one move's story.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/ledger.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { StoreProblem } from '../../src/ledger/store-problem.ts'
import {
  blobs,
  digestOf,
  HOSTILE,
  moveOf,
  RECORDED_POLICY,
  type Recorded,
  record,
  recordedLedger,
  tell,
} from '../support/recorded-moves.ts'
import { textOf, visiting } from './visit.ts'

let ledger: Ledger
let moves: Recorded
let visit: ReturnType<typeof visiting>
beforeAll(async () => {
  ;({ ledger, moves } = await recordedLedger())
  visit = visiting(ledger)
})
afterAll(() => ledger.close())

const memory = () => openLedger({ folder: ':memory:', clock: () => new Date() })
const read = async (path: string) => textOf((await visit(path)).text)
/** The moves of a list, by the name of their example, in order. */
const listed = async (path: string) => {
  const names = new Map(Object.entries(moves).map(([name, { id }]) => [id, name]))
  return [...(await visit(path)).text.matchAll(/href="\/moves\/(\w+)"/g)].map(([, id = '']) => names.get(id))
}

describe('the list of moves', () => {
  it('says who moved what, from where to where, and how it ended', async () => {
    const text = await read('/')
    expect(text).toContain('8 moves, newest first')
    expect(text).toContain(
      'Support bot 43: shorter answers acme/bot#8 from In Evaluation → to Staging ada 2026-11-23 11:00 ✕ refused ✕ fail offline-eval model-version',
    )
    expect(text).toContain('✕ refused ✕ fail column-full')
    expect(text).toContain('… open … wait release-approval')
    expect(text).toContain('✓ moved back ✓ pass')
    expect(text).toContain('– withdrawn – not decided')
  })

  it('searches by each field, at both addresses', async () => {
    expect(await listed('/?words=refunds')).toEqual(['evaluated'])
    expect(await listed('/search?actor=%40cy')).toEqual(['back'])
    expect(await listed('/?gate=offline-eval&verdict=fail&reason=&words=')).toEqual(['refused'])
    expect(await listed('/?reason=column-full')).toEqual(['full'])
    expect(await listed('/?from=2026-11-24')).toEqual([])
    expect(await listed('/?from=2026-11-23&to=2026-11-23')).toHaveLength(8)
  })

  it('keeps what was typed, and says what of it cannot be', async () => {
    const { status, text } = await visit('/?words=%22%3E%3Cscript%3E&verdict=fial&from=2026-02-30&before=x')
    expect(status).toBe(400)
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;"')
    expect(text).toContain(
      '<p class="problem" id="verdict-problem">A verdict is one of pass, wait, unsure, error, fail.',
    )
    expect(text).toContain(
      'id="from" name="from" value="2026-02-30" aria-invalid="true" aria-describedby="from-problem"',
    )
    expect(text).toContain('The address names no page of this list.')
    expect(text).toContain('Nothing was searched: mend what is marked.')
    expect(text).not.toContain('<table')
  })

  it('turns pages, and keeps the search while it does', async () => {
    const many = await memory()
    const story = tell({ number: 1, title: 'Often moved' }).adopted('Staging')
    for (let turn = 0; turn < 120; turn++) story.moved(turn % 2 === 0 ? 'Ready' : 'Backlog')
    await record(many, story)
    const ids: string[] = []
    let path: string | undefined = '/?words=often'
    for (const count of [50, 50, 20]) {
      const { text } = await visiting(many)(path ?? '')
      const found = [...text.matchAll(/href="\/moves\/(\w+)"/g)].map(([, id = '']) => id)
      expect(found).toHaveLength(count)
      ids.push(...found)
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replace('&amp;', '&')
    }
    expect(path).toBeUndefined()
    expect(new Set(ids).size).toBe(120)
    await many.close()
  })

  it('reads a page of long stories with few questions to the store', async () => {
    const asked: string[] = []
    const watched = new Proxy(ledger, {
      get: (target, name: keyof Ledger) => {
        asked.push(name)
        return target[name]
      },
    })
    await visiting(watched)('/')
    expect(asked.filter((name) => name !== 'ping')).toEqual(['backlog', 'moves', 'entriesOfMoves'])
  })

  it('says what to do while nothing is recorded, and what when nothing is found', async () => {
    const empty = await memory()
    const text = textOf((await visiting(empty)('/')).text)
    expect(text).toContain('Nothing has moved yet')
    expect(text).toContain('Put a policy into .github/andon.yml on the default branch; andon check')
    expect(text).toContain('Drag a card on the board')
    await empty.close()
    expect(await read('/?words=nothingatall')).toContain('No move matches.')
    expect(await read('/?before=1')).toContain('There are no older moves.')
  })
})

describe("a move's story", () => {
  it('tells a refusal: why, what next, the numbers, the evidence, the acts and the entries', async () => {
    const { text: page } = await visit(`/moves/${moves.refused.id}`)
    const text = textOf(page)
    expect(text).toContain('✕ Refused: not yet in Staging; the card goes back to In Evaluation.')
    expect(text).toContain('by ada on the board, 2026-11-23 11:00')
    expect(text).toContain('Why offline-eval: A criterion is not met: accuracy is 0.7333, and must be ≥ 0.9.')
    expect(text).toContain('What to do next Improve the change and push it')
    expect(text).toContain('accuracy 0.7333 ≥ 0.9 ✕ no 60 0.0571')
    expect(text).toContain('toxicity 0.001 ≤ 0.005 ✓ yes 60')
    expect(text).toContain('Tool promptfoo 0.123.1 Suite golden aaaaaaaaaa')
    expect(text).toContain('Cases 60: 44 passed, 16 failed, 0 errored, 0 unscored')
    expect(text).toContain('cost_usd 0.12')
    expect(page).toContain(`title="${digestOf('f')}"`)
    expect(page).toContain(
      '<a href="https://github.example/acme/bot/actions/runs/71" rel="noopener noreferrer">run 71</a>',
    )
    expect(text).toContain('Asked the workflow andon-evaluate.yml to run')
    expect(text).toContain('Returned the card to In Evaluation')
    expect(text).toContain('Wrote the check run andon / offline-eval (failure): accuracy 0.7333')
    expect(text).toContain('prompts[0] prompts/answer.md eeeeeeeeee')
    expect(text).toMatch(
      /24 2026-11-23 11:04 move-refused The move to Staging was refused.* 25 2026-11-23 11:04 card-placed/,
    )
  })

  it('tells of approvals, of what follows a grant, and of a policy', async () => {
    const { text: page } = await visit(`/moves/${moves.granted.id}`)
    const text = textOf(page)
    expect(text).toContain('✓ Granted: this card may be in Production.')
    expect(text).toContain('cy approved in a comment this change 2026-11-23 13:10')
    expect(text).toContain('Then promote-model Workflow andon-registry.yml Run not started yet')
    expect(page).toContain(`title="${RECORDED_POLICY.digest}"`)
    expect(await read(`/moves/${moves.waiting.id}`)).toContain('Waiting to enter Production: people are asked.')
  })

  it('ends where the next move of the card begins', async () => {
    const own = await memory()
    const story = tell({ number: 1, title: 'Moved twice' }).adopted('Staging')
    story.moved('Ready')
    const first = moveOf(story)
    story.moved('Backlog')
    await record(own, story)
    const own1 = visiting(own)
    const [before, after] = [
      textOf((await own1(`/moves/${first}`)).text),
      textOf((await own1(`/moves/${moveOf(story)}`)).text),
    ]
    expect(before).toContain('Moved back to Ready')
    expect(before).not.toContain('to Backlog')
    expect(after).toContain('ada moved the card from Ready to Backlog')
    expect(after).not.toContain('moved the card from Staging to Ready')
    await own.close()
  })

  it('says which acts still wait to be done', async () => {
    const own = await memory()
    const story = tell({ number: 1, title: 'Full' }).adopted('In Evaluation')
    story.know({
      columns: {
        Staging: [1, 2, 3].map((n) => ({
          item: `${n}`,
          title: `${n}`,
          since: '2026-11-20T10:00:00Z',
          assignees: [],
          archived: false,
        })),
      },
    })
    story.moved('Staging')
    const stream = await record(own, story)
    const at = story.at
    const draft = { id: 'x', event: { kind: 'card-archived', at } as const }
    const order = { key: 'comment', effect: { effect: 'write-comment', body: 'x' } as const }
    await own.append(stream, (await own.read(stream)).length, [draft], { orders: [order] })
    const text = textOf((await visiting(own)(`/moves/${moveOf(story)}`)).text)
    expect(text).toContain('Brought its comment on the card up to date … still to be done')
    expect(text).not.toMatch(/Returned the card to In Evaluation … still/)
    await own.close()
  })

  it('is told as far as this version understands it, where a newer one wrote it', async () => {
    const own = await memory()
    const story = tell({ number: 1, title: 'From tomorrow' }).adopted('In Evaluation').know(blobs('b10b'))
    story.moved('Staging')
    const newer = story.events.map((event) =>
      JSON.parse(JSON.stringify(event).replaceAll('"run-requested"', '"stars-awaited"')),
    )
    const id = moveOf(story)
    newer.push({ kind: 'card-sold', at: story.at, move: id })
    newer.push({
      ...{ kind: 'move-refused', at: story.at, move: id, from: 'In Evaluation', to: 'Staging' },
      reasons: [{ reason: 'stars-misaligned', gate: 'offline-eval', detail: ['Mars'] }],
    })
    story.events.splice(0, Infinity, ...newer)
    await record(own, story)
    const { status, text } = await visiting(own)(`/moves/${id}`)
    expect(status).toBe(200)
    expect(textOf(text)).toContain('Why offline-eval: stars-misaligned.')
    expect(textOf(text)).toContain('stars-awaited.')
    expect(textOf(text)).toContain('An entry of the kind card-sold, which this version of Andon does not know.')
    expect((await visiting(own)('/')).status).toBe(200)
    await own.close()
  })

  it('is found by its ULID in any case, and is missed in plain words', async () => {
    expect((await visit(`/moves/${moves.refused.id.toLowerCase()}`)).status).toBe(200)
    for (const id of ['nope', '01J99999999999999999999999', '%00', encodeURIComponent("' or 1=1 --")]) {
      const { status, text } = await visit(`/moves/${id}`)
      expect([id, status]).toEqual([id, 404])
      expect(textOf(text)).toContain('The ledger has no move with this id.')
    }
    expect((await visit('/nowhere')).status).toBe(404)
  })
})

describe('what people and workflows wrote', () => {
  it('is shown as typed, and is never markup, a link or a direction', async () => {
    for (const path of ['/', `/moves/${moves.hostile.id}`]) {
      const { text: page } = await visit(path)
      expect(page).not.toMatch(/<script|<img src=x|href="javascript|\u202e/)
      expect(textOf(page)).toContain(HOSTILE.replace(/\u202e/g, ' ').replace(/\s+/g, ' '))
      expect(textOf(page)).toContain('mallory"><img src=x>')
    }
  })

  it('makes no link of an address that is none of the web', async () => {
    const own = await memory()
    const story = tell({ number: 1, title: 'x' }).adopted('In Evaluation')
    const { content } = story.card
    if (content) story.card = { ...story.card, content: { ...content, url: 'javascript:alert(1)' } }
    story.moved('Ready')
    await record(own, story)
    const { text } = await visiting(own)(`/moves/${moveOf(story)}`)
    expect(text).not.toContain('javascript:')
    await own.close()
  })
})

describe('a store that fails', () => {
  it('is told in its own sentence, with the frame of the page', async () => {
    const errors: unknown[] = []
    const problem = new StoreProblem('unreachable', 'The store x cannot be reached; check that it runs.')
    const failing = { ...ledger, moves: () => Promise.reject(problem) }
    const { status, text } = await visiting(failing, { onError: (error) => errors.push(error) })('/')
    expect([status, errors]).toEqual([500, [problem]])
    expect(textOf(text)).toContain('The store x cannot be reached; check that it runs.')
    const bug = await visiting({ ...ledger, moves: () => Promise.reject(new Error('secret detail')) })('/')
    expect(bug.text).not.toContain('secret detail')
  })
})
