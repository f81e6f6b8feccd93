// The short chaos run: nothing is lost and nothing happens twice, on either store. `npm run chaos` is the long one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, type Postgres, startPostgres } from '../support/postgres.ts'
import { runChaos, VIOLATIONS } from './run.ts'

const MOVES = 40
const NOTHING = Object.fromEntries(VIOLATIONS.map((what) => [what, []]))

describe('on the embedded store, with one process', () => {
  it('comes out as the oracle says', async () => {
    const figures = await runChaos({ seed: 11, moves: MOVES, processes: 1, speed: 40 })
    expect(figures.violations, `the logs are in ${figures.logs}`).toEqual(NOTHING)
    expect(figures.kills).toBeGreaterThan(0)
    expect(figures.decided).toBeGreaterThan(MOVES / 2)
  }, 300_000)
})

const why = findPostgres() ? '' : ' (skipped: this machine has no PostgreSQL)'
describe.skipIf(why)(`on PostgreSQL, with three processes${why}`, () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres.stop())

  it('comes out as the oracle says', async () => {
    const databaseUrl = await postgres.freshUrl()
    const figures = await runChaos({ seed: 12, moves: MOVES, processes: 3, speed: 40, databaseUrl })
    expect(figures.violations, `the logs are in ${figures.logs}`).toEqual(NOTHING)
    expect(figures.kills).toBeGreaterThan(0)
    expect(figures.decided).toBeGreaterThan(MOVES / 2)
  }, 300_000)
})
