// Starts the Chromium of this machine for a test, and says why where there is none.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const FOUND = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/** Empty where there is one; else words for the name of what is skipped. */
export const noChromium = FOUND ? '' : ' (skipped: this machine has no Chromium)'

/** Headless, and silent towards the network. Whoever starts it must close it. */
export function startChromium(): Promise<Browser> {
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map((part) => `--disable-${part}`)
  return chromium.launch({
    executablePath: FOUND ?? '',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet],
  })
}
