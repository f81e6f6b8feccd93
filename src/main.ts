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

let stopping = false
try {
  const settings = readSettings(process.env)
  const log = pino({
    level: settings.logLevel,
    base: null,
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  })
  const started = import('./start.ts').then(({ startApp }) => startApp(settings, { log }))
  const stop = (code: number, fields: object) => {
    if (stopping) return
    stopping = true
    log.info(fields, 'Andon is stopping')
    const exit = () => process.exit(code)
    setTimeout(exit, STOP_MS).unref()
    started.then((app) => app.stop()).then(exit, exit)
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(0, { signal }))
  const app = await started
  if (!stopping) log.info({ url: app.url }, 'Andon is listening')
  void app.lost.then(({ fault, message }) => {
    // Whoever is left behind by a newer Andon stays, and says so: started again, it would be refused.
    if (fault === 'broken') stop(1, { reason: message })
  })
} catch (error) {
  if (stopping) process.exit(0)
  const redact = createRedact([process.env.PRIVATE_KEY ?? '', process.env.WEBHOOK_SECRET ?? ''])
  stopWith(
    error instanceof SettingsProblem ? error.message : redact(error instanceof Error ? error.message : String(error)),
  )
}

function stopWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
