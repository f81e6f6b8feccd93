// Reads the environment, wires everything, and starts; stops cleanly when it is told to.
import { pino } from 'pino'
import { createRedact } from './github/redact.ts'
import { readSettings, SettingsProblem } from './settings.ts'

const NEWEST_OLD_NODE = 21

if (Number(process.versions.node.split('.')[0]) <= NEWEST_OLD_NODE) {
  stopWith(
    `Andon needs Node 22.22 or newer, and this is ${process.versions.node}: start it with \`npm start\`, which brings its own Node 24.`,
  )
}

/** SIGTERM must be answered within 10 s (contract 2). */
const STOP_MS = 9_000

try {
  const settings = readSettings(process.env)
  const log = pino({
    level: settings.logLevel,
    base: null,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  })
  const { startApp } = await import('./start.ts')
  const app = await startApp(settings, { log })
  log.info({ url: app.url }, 'Andon is listening')
  let stopping = false
  const stop = (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'Andon is stopping')
    setTimeout(() => process.exit(0), STOP_MS).unref()
    app.stop().then(
      () => process.exit(0),
      () => process.exit(0),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (error) {
  const redact = createRedact([process.env.PRIVATE_KEY ?? '', process.env.WEBHOOK_SECRET ?? ''])
  stopWith(
    error instanceof SettingsProblem ? error.message : redact(error instanceof Error ? error.message : String(error)),
  )
}

function stopWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
