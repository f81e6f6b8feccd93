// The long chaos run: `npm run chaos -- --moves 5000 --seed 7`. Prints a table, and exits 1 where anything is amiss.
import { parseArgs } from 'node:util'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import { bearableSpeed } from './bearable-speed.ts'
import { type ChaosOptions, countViolations, type Figures, runChaos, VIOLATIONS } from './run.ts'

const { values } = parseArgs({
  options: {
    moves: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    speed: { type: 'string' },
    store: { type: 'string', default: 'both' },
  },
})
const speed = values.speed === undefined ? await bearableSpeed() : Number(values.speed)
const wish = { seed: Number(values.seed), moves: Number(values.moves), speed }
const rows: Record<string, Figures> = {}

console.log(`seed ${wish.seed}, ${wish.moves} moves a store, the clock ${wish.speed} times as fast`)
if (values.store !== 'postgres') await run('embedded, 1 process', { ...wish, processes: 1 })
if (values.store !== 'embedded') {
  if (findPostgres() === null) console.log('PostgreSQL: skipped, this machine has none')
  else {
    const postgres = await startPostgres()
    await run('PostgreSQL, 3 processes', { ...wish, processes: 3, databaseUrl: await postgres.freshUrl() })
    await postgres.stop()
  }
}
const bad = Object.values(rows).reduce((sum, figures) => sum + countViolations(figures), 0)
console.log(
  bad === 0 ? 'Nothing was lost, and nothing happened twice.' : `${bad} violations; the seed was ${wish.seed}.`,
)
process.exit(bad === 0 ? 0 : 1)

async function run(name: string, options: ChaosOptions): Promise<void> {
  const figures = await runChaos(options)
  rows[name] = figures
  const { violations, logs, ...counts } = figures
  const shown = Object.entries({
    ...counts,
    ...Object.fromEntries(VIOLATIONS.map((what) => [what, violations[what].length])),
  })
  console.log(`\n${name}`)
  for (const [what, count] of shown) console.log(`  ${what.padEnd(14)} ${count}`)
  for (const what of VIOLATIONS)
    for (const sentence of violations[what].slice(0, 20)) console.log(`  ${what}: ${sentence}`)
  if (logs) console.log(`  logs: ${logs}`)
}
