// The board in a real browser, with the app behind it: cards are dragged and keyed, and those that may not stay come back.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Stage, setStage } from '../../../src/cli/demo/stage.ts'
import { columnOf, type Item } from '../../../src/sandbox/world/board.ts'
import { moveCard } from '../../../src/sandbox/world/card-fields.ts'
import { comment } from '../../../src/sandbox/world/comments.ts'
import { editIssue } from '../../../src/sandbox/world/issues.ts'
import type { Issue, Pull } from '../../../src/sandbox/world/thread.ts'
import { noChromium, startChromium } from '../../support/chromium.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const DAY = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' } as const

describe.skipIf(noChromium)(`the board in Chromium${noChromium}`, () => {
  let browser: Browser
  let stage: Stage
  let page: Page
  let faults: string[]
  const item = (name: string) => stage.example.cards[name] as Item
  const card = (name: string, on = page) => on.locator(`[data-card="${item(name).id}"]`)
  const inColumn = (column: string, name: string) =>
    page.locator(`[data-column="${column}"] [data-card="${item(name).id}"]`)

  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    faults = []
    stage = await setStage({ folder: null, complain: (message) => faults.push(message) })
    await stage.settle()
    page = await open()
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await stage?.stop()
    expect(faults).toEqual([])
  })

  async function open(more: object = DAY, address = stage.boardUrl): Promise<Page> {
    const context = await browser.newContext(more)
    const opened = await context.newPage()
    opened.on('pageerror', (error) => faults.push(error.message))
    // What the world refuses is answered with 422, which the browser notes as an error.
    const isFault = (text: string) => !text.includes('422')
    opened.on(
      'console',
      (message) => message.type() === 'error' && isFault(message.text()) && faults.push(message.text()),
    )
    opened.on('dialog', (dialog) => faults.push(`a dialog: ${dialog.message()}`))
    await opened.goto(address)
    await opened.locator('.card').first().waitFor()
    return opened
  }

  /** A person's drag: pressed, moved in steps, let go. */
  async function drag(name: string, column: string): Promise<void> {
    await card(name).dragTo(page.locator(`[data-column="${column}"] .cards`))
  }

  it('drags a card with the mouse, and shows it come back, marked and with the reason', async () => {
    await drag('7-no-manifest', 'Ready for Evaluation')
    const returned = inColumn('Backlog', '7-no-manifest')
    await returned.getByText('returned by andon[bot] from Ready for Evaluation').waitFor()
    expect(await page.locator('#said').textContent()).toBe(
      'Try the router on messages in French: returned to Backlog by andon[bot].',
    )
    expect(await returned.getAttribute('class')).toContain('returned')
    expect(
      item('7-no-manifest').content.kind === 'Issue' &&
        (item('7-no-manifest').content as Issue).timeline.at(-1)?.actor?.login,
    ).toBe('andon[bot]')
    await returned.locator('.title').click()
    await page.locator('#panel .comment').getByText('No manifest was found').waitFor()
  })

  it('drags a card where it may be, and it stays', async () => {
    await drag('2-question-mark', 'Ready for Evaluation')
    const moved = inColumn('Ready for Evaluation', '2-question-mark')
    await moved.getByText('passed').waitFor()
    await stage.settle()
    expect(await moved.count()).toBe(1)
    expect(await page.locator('[data-column="Backlog"] .count').textContent()).toBe('1')
  })

  it('moves a card by keys alone, keeps the focus on it, and says aloud what became of it', async () => {
    await card('2-question-mark').locator('.title').focus()
    await page.keyboard.press('Shift+ArrowRight')
    await inColumn('Ready for Evaluation', '2-question-mark').getByText('passed').waitFor()
    await page.keyboard.press('m')
    await page.getByRole('menuitemradio', { name: 'Ready for Evaluation', checked: true }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    // Production is one column too far.
    const returned = inColumn('Ready for Evaluation', '2-question-mark')
    await returned.getByText('returned by andon[bot] from Production').waitFor()
    expect(await page.locator('#said').textContent()).toContain('returned to Ready for Evaluation by andon[bot]')
    expect(await returned.locator(':focus').count()).toBe(1)
  })

  it('goes from card to card, opens one and gives the focus back', async () => {
    await card('2-question-mark').locator('.title').focus()
    await page.keyboard.press('ArrowDown')
    expect(await card('7-no-manifest').locator('.title:focus').count()).toBe(1)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.locator('#panel h2:focus').getByText('#1').waitFor()
    await page.keyboard.press('Escape')
    expect(await card('1-calmer').locator('.title:focus').count()).toBe(1)
    expect(await page.locator('#panel').isVisible()).toBe(false)
  })

  it('acts as whom one chose: GitHub’s refusal is shown, an approval is listed, a comment reaches Andon', async () => {
    await page.goto(`${stage.boardUrl}?card=${item('2-question-mark').id}`)
    await page.locator('#actor').selectOption('bo')
    await page.getByRole('button', { name: 'Approve as bo' }).click()
    await page.getByRole('alert').getByText('Can not approve your own pull request').waitFor()
    await page.locator('#actor').selectOption('cy')
    await page.getByRole('button', { name: 'Approve as cy' }).click()
    await page.locator('.reviews').getByText('cy approved').waitFor()
    await page.getByRole('button', { name: 'Comment as cy' }).waitFor()
    await page.getByRole('button', { name: '/andon status' }).click()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.talk .comment').getByText('/andon status').waitFor()
    expect((item('2-question-mark').content as Pull).comments.map(({ author }) => author.login)).toContain('cy')
  })

  it('asks for a move by a label, which Andon takes off again, and is held by another', async () => {
    await page.goto(`${stage.boardUrl}?card=${item('1-calmer').id}`)
    await page.getByRole('button', { name: 'andon: hold' }).click()
    await page.locator('[data-key="label andon: hold"][aria-pressed="true"]:focus').waitFor()
    await page.getByRole('button', { name: 'promote: staging' }).click()
    await page.locator('#panel .comment').getByText('The card bears the label').waitFor()
    await page.locator('[data-key="label promote: staging"][aria-pressed="false"]').waitFor()
    await stage.settle()
    expect(columnOf(item('1-calmer'))).toBe('Ready for Evaluation')
    expect((item('1-calmer').content as Pull).labels.map(({ name }) => name)).toContain('andon: hold')
  })

  it('shows what strangers wrote, and runs none of it', async () => {
    const { world } = stage.sandbox
    const issue = item('7-no-manifest').content as Issue
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>[x](javascript:alert(3))'
    editIssue(world, issue.author, issue, { title: evil, body: evil })
    comment(world, issue.author, issue, evil)
    await card('7-no-manifest').getByText(evil).click()
    await page.locator('.talk .comment').getByText('<script>').waitFor()
    expect(await page.locator('img, script:not([src="/_board/board.js"]), a[href^="javascript"]').count()).toBe(0)
  })

  it.each([
    ['wide, by day', DAY],
    ['wide, by night', { ...DAY, colorScheme: 'dark' }],
    ['narrow, by day', { viewport: { width: 390, height: 844 }, colorScheme: 'light' }],
    ['narrow, by night', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ])('has no fault that axe knows, and only its columns scroll sideways: %s', async (_, more) => {
    const { world } = stage.sandbox
    moveCard(world, stage.example.people.ada as never, item('7-no-manifest'), 'Ready for Evaluation')
    await stage.settle()
    const other = await open(more, `${stage.boardUrl}?card=${item('7-no-manifest').id}`)
    await other.locator('#panel .comment').waitFor()
    const check = async () => {
      await other.evaluate(AXE)
      const { violations } = await other.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
        'axe.run()',
      )
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
      expect(await other.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
    await check()
    await other.keyboard.press('Escape')
    await check()
    await card('7-no-manifest', other).locator('.more').click()
    await other.getByRole('menuitemradio').first().waitFor()
    await check()
  })
})
