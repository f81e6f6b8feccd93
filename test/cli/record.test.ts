// `andon search` and `andon verify`, as a person or a script meets them.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main, type Terminal } from '../../src/cli/main.ts'
import { runSearch } from '../../src/cli/search.ts'
import type { Environment } from '../../src/cli/store.ts'
import { runVerify } from '../../src/cli/verify.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { add } from '../ledger/events.ts'
import { recordMoves } from '../support/recorded-moves.ts'
import { hear } from '../support/terminal.ts'

const scratch = mkdtempSync(join(tmpdir(), 'andon-record-'))
const folder = join(scratch, 'store')
afterAll(() => rmSync(scratch, { recursive: true }))

type Run = (args: string[], terminal: Terminal, environment: Environment) => Promise<number>

const run = (command: Run, args: string[], environment: Environment = { ANDON_DATA: folder }, color = false) =>
  hear(scratch, (terminal) => command(args, terminal, environment), color)
const search = (...args: string[]) => run(runSearch, args)
const verify = (...args: string[]) => run(runVerify, args)
const seqs = (out: string) => out.split('\n').flatMap((line) => /^ *(\d+) {2}/.exec(line)?.[1] ?? [])

/** Raw, it would end a line for some readers, turn the text round, or clear a terminal. */
const STEERING = 'a\u2028b\u202ec\u009b2Jd\u001b[2Je'

beforeAll(async () => {
  const ledger = await openLedger({ folder, clock: () => new Date('2026-11-23T18:00:00Z') })
  await recordMoves(ledger)
  const at = '2026-11-24T10:00:00.000Z'
  const by = { login: STEERING, id: 1, type: 'User' } as const
  await add(ledger, 'card:X', { kind: 'move-asked', at, to: STEERING, by, via: 'command', label: null })
  await ledger.close()
})

describe('andon search', () => {
  it('prints what was found in aligned columns, newest first', async () => {
    const { code, out, err } = await search('--gate', 'offline-eval', '--verdict', 'fail')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(
      [
        '24  2026-11-23 11:04  acme/bot#8  move-refused  The move to Staging was refused: offline-eval: A criterion is not met: accuracy is 0.7333, and must be ≥ 0.9.',
        '23  2026-11-23 11:04  acme/bot#8  gate-judged   The gate offline-eval says fail: A criterion is not met: accuracy is 0.7333, and must be ≥ 0.9.',
        '',
      ].join('\n'),
    )
  })

  it('takes words, people, reasons, kinds, streams and days', async () => {
    expect(seqs((await search('refunds', 'promptfoo')).out)).toEqual(['9'])
    expect(seqs((await search('--actor', '@CY', '--kind', 'move-opened')).out)).toEqual(['43'])
    expect(seqs((await search('--reason', 'column-full')).out)).toEqual(['48'])
    expect(seqs((await search('--stream', 'card:PVTI_11')).out)).toEqual(['44', '43', '42', '41'])
    expect(seqs((await search('--from', '2026-11-23', '--to', '2026-11-23', '--limit', '1')).out)).toEqual(['61'])
    expect(seqs((await search('--to', '2026-11-23T10:00Z')).out)).toEqual([])
  })

  it('turns pages', async () => {
    const { out } = await search('--limit', '2')
    expect(seqs(out)).toEqual(['62', '61'])
    expect(out).toContain('There may be more: add --before 61.')
    expect(seqs((await search('--limit', '2', '--before', '61')).out)).toEqual(['60', '59'])
  })

  it('says that nothing was found, and answers 1', async () => {
    expect(await search('unheard-of')).toEqual({ code: 1, out: 'Nothing was found.\n', err: '' })
    expect(await search('--json', 'unheard-of')).toEqual({ code: 1, out: '', err: '' })
  })

  it('says all that cannot be asked at once, and answers 2', async () => {
    const { code, out, err } = await search(
      '--verdict',
      'fial',
      '--from',
      '2026-02-30',
      '--limit',
      '1001',
      '--kind',
      'x',
    )
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('there is no verdict "fial". Did you mean fail?')
    expect(err).toContain('--from "2026-02-30" is no day')
    expect(err).toContain('--limit "1001" is no whole number from 1 to 1000.')
    expect(err).toContain('there is no kind "x".')
    expect((await search('--colour')).code).toBe(2)
  })

  it('lets nothing that was recorded steer the terminal', async () => {
    const shown = await search('--limit', '1')
    expect(shown.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
    const { out } = await search('--limit', '1', '--json')
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
    expect(JSON.parse(out).event.to).toBe(STEERING)
  })

  it('paints only where it is asked to', async () => {
    expect((await run(runSearch, ['--limit', '1'], { ANDON_DATA: folder }, true)).out).toContain('\u001b[2m2026-11-24')
  })

  it('makes no store where there is none, and changes none', async () => {
    const nowhere = join(scratch, 'nowhere')
    const { code, err } = await run(runSearch, [], { ANDON_DATA: nowhere })
    expect(code).toBe(2)
    expect(err).toBe(
      `andon search: There is no store of Andon's at ${join(nowhere, 'andon.db')}; start Andon once, or name the store by DATABASE_URL or ANDON_DATA.\n`,
    )
    expect(existsSync(nowhere)).toBe(false)
    // Without a setting it is the folder the app uses by default.
    expect((await run(runSearch, [], {})).err).toContain(join(scratch, '.andon', 'andon.db'))
  })

  it('never prints the password of a store that cannot be reached', async () => {
    const DATABASE_URL = 'postgres://andon:s3cret-word@127.0.0.1:1/andon'
    const { code, out, err } = await run(runSearch, [], { DATABASE_URL })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('postgres://127.0.0.1:1/andon cannot be reached')
    expect(err).not.toContain('s3cret')
  })
})

describe('andon verify', () => {
  it('finds the chain of the store intact', async () => {
    const { code, out } = await verify()
    expect(code).toBe(0)
    expect(out).toMatch(/^Chain intact: 62 entries, head [0-9a-f]{64}\n$/)
    expect(JSON.parse((await verify('--json')).out)).toMatchObject({ ok: true, entries: 62, head: { seq: 62 } })
  })

  it('verifies while the app appends', async () => {
    const ledger = await openLedger({ folder: join(scratch, 'busy'), clock: () => new Date() })
    await recordMoves(ledger)
    const appended = Array.from({ length: 50 }, (_, index) =>
      add(ledger, `card:${index}`, { kind: 'card-archived', at: '2026-11-24T10:00:00.000Z' }),
    )
    const during = await run(runVerify, [], { ANDON_DATA: join(scratch, 'busy') })
    await Promise.all(appended)
    await ledger.close()
    expect(during).toMatchObject({ code: 0, err: '' })
  })

  it('verifies an exported file, and names the first entry that was changed', async () => {
    const lines = (await search('--json', '--limit', '1000')).out.trim().split('\n').reverse()
    const file = join(scratch, 'ledger.jsonl')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const whole = await verify('ledger.jsonl')
    expect(whole.code).toBe(0)
    expect(whole.out).toBe((await verify()).out)

    writeFileSync(file, lines.join('\r\n').replace('mallory', 'ada'))
    const changed = await verify(file)
    expect(changed.code).toBe(1)
    expect(changed.out).toMatch(
      /^Chain broken: Entry 50 \(\w{26}\) was changed: .*\nBefore it, 49 entries are intact\.\n$/,
    )

    writeFileSync(file, [...lines.slice(0, 10), ...lines.slice(11)].join('\n'))
    expect((await verify(file)).out).toContain('Entry 11 is missing: 12 follows 10.')
    writeFileSync(file, `${lines[0]}\nno entry\n`)
    expect(JSON.parse((await verify(file, '--json')).out)).toMatchObject({ ok: false, flaw: 'form', seq: 2 })
  })

  it('holds raw line separators in a text for text, as another exporter may write them', async () => {
    const lines = (await search('--json', '--limit', '1000')).out.trim().split('\n').reverse()
    const file = join(scratch, 'raw.jsonl')
    writeFileSync(file, lines.map((line) => JSON.stringify(JSON.parse(line))).join('\n'))
    expect((await verify(file)).code).toBe(0)
  })

  it('sees by its head that entries were cut off at the end', async () => {
    const lines = (await search('--json', '--limit', '1000')).out.trim().split('\n').reverse()
    const head = JSON.parse(lines.at(-1) ?? '').hash
    const file = join(scratch, 'cut.jsonl')
    writeFileSync(file, lines.join('\n'))
    expect((await verify(file, '--head', head)).code).toBe(0)
    writeFileSync(file, lines.slice(0, -1).join('\n'))
    expect((await verify(file)).code).toBe(0)
    const cut = await verify(file, '--head', head)
    expect(cut.code).toBe(1)
    expect(cut.out).toContain(`The record ends at entry 61`)
  })

  it('names an entry of the store that is no JSON any more', async () => {
    const broken = join(scratch, 'broken')
    const ledger = await openLedger({ folder: broken, clock: () => new Date() })
    await recordMoves(ledger)
    await ledger.close()
    const database = new Sqlite(join(broken, 'andon.db'))
    database.exec("drop trigger entries_keep; update entries set event = 'x' || event where seq = 7")
    database.close()
    const { code, out } = await run(runVerify, [], { ANDON_DATA: broken })
    expect(code).toBe(1)
    expect(out).toContain('What stands where entry 7 should be is no entry.\nBefore it, 6 entries are intact.')
  })

  it('could not, where there is nothing to read or too much is asked', async () => {
    expect(await verify('none.jsonl')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('(ENOENT)') })
    expect((await verify('.')).err).toContain('(EISDIR)')
    expect((await verify('a', 'b')).code).toBe(2)
    expect((await verify('--head', 'abc')).err).toContain('64 hexadecimal digits')
    const other = join(scratch, 'other')
    new Sqlite(join(scratch, 'andon.db')).close()
    expect((await run(runVerify, [], { ANDON_DATA: scratch })).err).toContain("There is no store of Andon's")
    expect((await run(runVerify, [], { ANDON_DATA: other })).code).toBe(2)
    expect(readdirSync(scratch)).not.toContain('other')
  })
})

describe('their help', () => {
  it('teaches by examples and exit codes', async () => {
    for (const name of ['search', 'verify']) {
      const { code, out } = await hear(scratch, (terminal) => main([name, '--help'], terminal))
      expect(code).toBe(0)
      expect(out).toContain(`  andon ${name}`)
      expect(out).toContain('Exit codes: 0 ')
    }
  })
})
