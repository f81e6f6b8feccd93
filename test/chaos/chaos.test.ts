// The short chaos run: webhooks lost, doubled and out of order, calls that fail, processes killed, and nothing comes of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, type Postgres, startPostgres } from '../support/postgres.ts'
import { bearableSpeed } from './bearable-speed.ts'
import { type ChaosOptions, runChaos, VIOLATIONS } from './run.ts'

const MOVES = 30
/** As long as GitHub's limits and a machine with other work may keep it; a quiet one is done in half a minute. */
const TIMEOUT_MS = 1_500_000
/** So long before that it is given up, so that it can still be told what went on. */
const ENDING_MS = 180_000

const nothing = Object.fromEntries(VIOLATIONS.map((what) => [what, []]))

async function survives(options: Pick<ChaosOptions, 'processes' | 'databaseUrl'>): Promise<void> {
  const seed = Number(process.env.CHAOS_SEED ?? 1)
  const endBy = Date.now() + TIMEOUT_MS - ENDING_MS
  const figures = await runChaos({ seed, moves: MOVES, speed: await bearableSpeed(), endBy, ...options })
  // Lost, done twice, astray, a broken chain, gaps: a sentence each.
  expect(figures.violations, `seed ${seed}, logs in ${figures.logs}`).toEqual(nothing)
  expect(figures.moves).toBe(MOVES)
  expect(figures.decided).toBeGreaterThan(0)
  expect(figures.kills).toBeGreaterThan(0)
  expect(figures.webhooksLost).toBeGreaterThan(0)
}

describe('no move is lost and nothing happens twice', () => {
  it('on the embedded store', () => survives({ processes: 1 }), TIMEOUT_MS)
})

const why = findPostgres() ? '' : ' (skipped: this machine has no PostgreSQL)'

describe.skipIf(why)(`no move is lost and nothing happens twice${why}`, () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  it(
    'with three processes on PostgreSQL',
    async () => survives({ processes: 3, databaseUrl: await postgres.freshUrl() }),
    TIMEOUT_MS,
  )
})
