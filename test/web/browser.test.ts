// The pages in a real browser: readable by everybody, on wide and narrow screens, by day and by night.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/port.ts'
import { pages } from '../../src/web/pages.ts'
import { type Recorded, recordedLedger } from '../support/recorded-moves.ts'

const FOUND = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
const why = FOUND ? '' : ' (skipped: this machine has no Chromium)'
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe.skipIf(why)(`in Chromium${why}`, () => {
  let ledger: Ledger
  let moves: Recorded
  let server: ReturnType<typeof serve>
  let browser: Browser
  let address: string

  beforeAll(async () => {
    ;({ ledger, moves } = await recordedLedger())
    const app = pages(ledger, { host: '127.0.0.1', clock: () => new Date() })
    await new Promise<void>((resolve) => {
      server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve())
    })
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await chromium.launch({ executablePath: FOUND ?? '', args: FLAGS })
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    await ledger?.close()
  })

  const paths = (): Record<string, string> => ({
    list: '/',
    searched: '/?gate=offline-eval&verdict=fail',
    empty: '/?words=nothingatall',
    mistaken: '/?verdict=fial',
    missing: '/moves/nope',
    ...Object.fromEntries(Object.entries(moves).map(([name, { id }]) => [name, `/moves/${id}`])),
  })

  it.each([
    ['wide, by day', 1280, 'light'],
    ['wide, by night', 1280, 'dark'],
    ['narrow, by day', 390, 'light'],
    ['narrow, by night', 390, 'dark'],
  ] as const)('each page has no fault that axe knows and fits the screen: %s', async (_, width, colorScheme) => {
    // Only axe itself needs to pass the content policy; that the pages keep to it is the next test's.
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
    for (const [name, path] of Object.entries(paths())) {
      await page.goto(address + path)
      await page.locator('details').evaluateAll((all) => {
        for (const details of all) details.setAttribute('open', '')
      })
      await page.evaluate(AXE)
      const faults = await page.evaluate(`axe.run().then(({ violations }) =>
          violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`)
      expect([name, faults]).toEqual([name, []])
      const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([name, beyond]).toEqual([name, 0])
    }
    await page.close()
  })

  it('a page loads only what is ours, and nothing of it is blocked or fails', async () => {
    const page = await browser.newPage()
    const wrong: string[] = []
    const loaded: string[] = []
    page.on('console', (line) => wrong.push(line.text()))
    page.on('requestfailed', (request) => {
      // A page that is left while its icon still loads lets go of it: what is blocked or lost fails with other words.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') wrong.push(request.url())
    })
    page.on('dialog', (dialog) => wrong.push(dialog.message()))
    page.on('request', (request) => loaded.push(request.url()))
    for (const path of ['/', `/moves/${moves.hostile.id}`]) await page.goto(address + path)
    expect(wrong).toEqual([])
    expect(loaded.filter((url) => !url.startsWith(address))).toEqual([])
    expect(loaded.some((url) => url.includes('/style.css'))).toBe(true)
    await page.close()
  })

  it('a move is found, opened and left again with the keyboard alone', async () => {
    const page = await browser.newPage()
    await page.goto(address)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.name')).toBe('words')
    await page.keyboard.type('refunds')
    await page.keyboard.press('Enter')
    await page.getByText('1 move that matches').waitFor()
    await page.getByRole('link', { name: 'Answer refunds better' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Answer refunds better' }).waitFor()
    expect(await page.getByRole('table', { name: 'Measured against the criteria' }).getByRole('row').count()).toBe(3)
    await page.close()
  })
})
