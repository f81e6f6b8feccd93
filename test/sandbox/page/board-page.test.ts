// The board's server: what it shows, whom it lets act, and how it keeps others out.
import { request as ask } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EXAMPLE_ORGANIZATION, type Example, fillExample } from '../../../src/sandbox/example/example.ts'
import { boardPage } from '../../../src/sandbox/page/board-page.ts'
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts'
import type { Organization } from '../../../src/sandbox/world/account.ts'
import { columnOf, type Item } from '../../../src/sandbox/world/board.ts'
import type { Pull } from '../../../src/sandbox/world/thread.ts'

let sandbox: Sandbox
let example: Example
let board: string
const card = (name: string) => example.cards[name] as Item
const pull = (name: string) => card(name).content as Pull

beforeEach(async () => {
  sandbox = await startSandbox({ organization: EXAMPLE_ORGANIZATION, limits: 'none' })
  example = fillExample(sandbox.world, sandbox.organization as Organization)
  sandbox.handlers.push(boardPage(sandbox.world))
  board = `${sandbox.url}/orgs/acme/projects/1`
})
afterEach(() => sandbox.stop())

async function act(
  what: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; refused: string | null }> {
  const answer = await fetch(`${board}/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: sandbox.url, ...headers },
    body: JSON.stringify(what),
  })
  const text = await answer.text()
  return { status: answer.status, refused: answer.status === 403 ? text : JSON.parse(text).refused }
}

/** `fetch` sets `Host` itself; a page of another name that points here would send its own. */
function asHost(host: string): Promise<number> {
  const { port } = new URL(sandbox.url)
  return new Promise((resolve, reject) => {
    const going = ask({ port, path: '/orgs/acme/projects/1/events', headers: { host } }, (answer) => {
      answer.destroy()
      resolve(answer.statusCode ?? 0)
    })
    going.on('error', reject).end()
  })
}

async function* told(): AsyncGenerator<{
  cards: { id: number; column: string; labels: unknown[] }[]
  columns: string[]
  people: object[]
}> {
  const answer = await fetch(`${board}/events`)
  let text = ''
  for await (const part of answer.body ?? []) {
    text += Buffer.from(part).toString('utf8')
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end)
      text = text.slice(end + 2)
      if (event.startsWith('data: ')) yield JSON.parse(event.slice(6))
    }
  }
}

describe('the page', () => {
  it('is found from the root, and its scripts and styles come from this server alone', async () => {
    const answer = await fetch(`${sandbox.url}/`)
    expect(answer.url).toBe(board)
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    const html = await answer.text()
    expect(html).not.toMatch(/https?:\/\/|<script(?! type="module" src="\/_board\/board\.js">)|style=/)
    for (const [, path] of html.matchAll(/(?:src|href)="(\/_board\/[^"]+)"/g))
      expect((await fetch(sandbox.url + path)).status).toBe(200)
  })

  it('tells the board in order, and again as soon as something changed', async () => {
    const events = told()
    const first = (await events.next()).value
    expect(first.columns).toEqual(['Backlog', 'Ready for Evaluation', 'Staging', 'Production', 'Done'])
    expect(first.people).toContainEqual({ login: 'cy', teams: ['ai-safety'] })
    const id = card('1-calmer').id
    expect(await act({ act: 'move', as: 'ada', card: id, column: 'Staging' })).toEqual({ status: 200, refused: null })
    const next = (await events.next()).value
    expect(next.cards.find((each: { id: number }) => each.id === id)).toMatchObject({
      column: 'Staging',
      moved: { by: 'ada', back: false, from: 'Ready for Evaluation' },
    })
    await events.return(undefined)
  })

  it('leads from a pull request to its card', async () => {
    const answer = await fetch(`${sandbox.url}/acme/support-router/pull/${pull('1-calmer').number}`)
    expect(answer.url).toBe(`${board}?card=${card('1-calmer').id}`)
  })

  it.each([
    '/orgs/acme/projects/2',
    '/orgs/nobody/projects/1',
    '/_board/../board-page.ts',
    '/_board/constructor',
    '/acme/support-router/pull/99',
    '/acme/support-router/actions/runs/1',
  ])('has nothing at %s', async (path) => {
    expect((await fetch(sandbox.url + path)).status).toBe(404)
  })
})

describe('what people do on it', () => {
  it('is done in their name: GitHub’s own rules say no, in GitHub’s own words', async () => {
    const own = { act: 'review', as: 'bo', card: card('1-calmer').id, state: 'APPROVED' }
    expect(await act(own)).toEqual({ status: 422, refused: 'Can not approve your own pull request' })
    expect(await act({ ...own, as: 'cy' })).toEqual({ status: 200, refused: null })
    expect(pull('1-calmer').reviews.map(({ author, state }) => [author.login, state])).toEqual([['cy', 'APPROVED']])
  })

  it('comments, and puts labels on and takes them off', async () => {
    const id = card('1-calmer').id
    await act({ act: 'comment', as: 'cy', card: id, body: '/andon status' })
    await act({ act: 'label', as: 'ada', card: id, name: 'promote: staging', on: true })
    await act({ act: 'label', as: 'ada', card: id, name: 'change: model', on: false })
    expect(pull('1-calmer').comments.map(({ author, body }) => [author.login, body])).toEqual([['cy', '/andon status']])
    expect(pull('1-calmer').labels.map(({ name }) => name)).toEqual(['promote: staging'])
  })

  it('puts a card under another one', async () => {
    await act({ act: 'move', as: 'ada', card: card('1-calmer').id, column: 'Backlog', after: card('7-no-manifest').id })
    const backlog = example.project.items.filter((item) => columnOf(item) === 'Backlog')
    expect(backlog.map((item) => item.content.title.slice(0, 8))).toEqual(['Take a q', 'Try the ', 'Send onl'])
  })

  it.each([
    [{ act: 'move', as: 'mallory', column: 'Staging' }, 'There is no such person.'],
    [{ act: 'move', as: 'andon[bot]', column: 'Staging' }, 'There is no such person.'],
    [{ act: 'move', as: 'ada', column: 'Nowhere' }, 'the board has no column Nowhere'],
    [{ act: 'delete', as: 'ada' }, 'The page asked for something that is not known here.'],
    [{ act: 'comment', as: 'ada', body: ' ' }, "Body can't be blank"],
    [{ act: 'label', as: 'ada', name: 'nope', on: false }, 'Label does not exist'],
    [{ act: 'move', as: 'ada', card: 1, column: 'Staging' }, 'This card is not on the board any more.'],
  ])('%j is refused with a sentence, and changes nothing', async (what, sentence) => {
    expect(await act({ card: card('1-calmer').id, ...what })).toEqual({ status: 422, refused: sentence })
    expect(columnOf(card('1-calmer'))).toBe('Ready for Evaluation')
  })
})

describe('another site in the same browser', () => {
  const drag = () => ({ act: 'move', as: 'ada', card: card('1-calmer').id, column: 'Staging' })

  it('cannot act: by its origin, without one, or with a form', async () => {
    expect((await act(drag(), { origin: 'https://evil.example' })).status).toBe(403)
    expect((await act(drag(), { origin: 'null' })).status).toBe(403)
    expect((await act(drag(), { 'content-type': 'text/plain' })).status).toBe(422)
    const bare = await fetch(`${board}/act`, { method: 'POST', body: JSON.stringify(drag()) })
    expect(bare.status).toBe(403)
    expect(columnOf(card('1-calmer'))).toBe('Ready for Evaluation')
  })

  it('cannot read the board by a name of its own that points here', async () => {
    expect(await asHost('evil.example')).toBe(403)
    expect(await asHost(new URL(sandbox.url).host)).toBe(200)
  })
})
