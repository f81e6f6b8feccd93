// Starts the Chromium of this machine for a test; tells where there is none.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PATH = '/usr/bin/chromium'

export const hasChromium = existsSync(PATH)

/** Headless, and silent towards the network. Whoever starts it must close it. */
export function startChromium(): Promise<Browser> {
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map((part) => `--disable-${part}`)
  return chromium.launch({
    executablePath: PATH,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet],
  })
}
