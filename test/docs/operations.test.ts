// What docs/operations.md says of settings, metrics and the log is what the code does.
import { generateKeyPairSync } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/ledger.ts'
import { readSettings } from '../../src/settings.ts'
import { readMetrics } from '../support/metrics-text.ts'
import { visiting } from '../web/visit.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const page = read('docs/operations.md')

/** The rows of the table under a heading, without its head. */
function table(heading: string): string[][] {
  const part = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const lines = part.split('\n')
  const start = lines.findIndex((line) => /^\| ?---/.test(line))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'))
  return lines.slice(start + 1, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}

const name = (cell = '') => cell.replaceAll('`', '')

describe('the table of settings', () => {
  const rows = table('Settings')

  it('names each setting that is read, and no other', () => {
    const asked = [...read('src/settings.ts').matchAll(/given\('([A-Z_]+)'\)/g)].map((match) => match[1])
    expect(rows.map(([variable]) => name(variable)).sort()).toEqual([...new Set(asked)].sort())
  })

  it('tells the defaults that hold', () => {
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const env = {
      APP_ID: '1',
      PRIVATE_KEY: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      WEBHOOK_SECRET: 'a-secret-for-the-docs-0123456789',
    }
    const settings = readSettings(env)
    const told = Object.fromEntries(rows.map(([variable, , initial]) => [name(variable), name(initial)]))
    expect({
      HOST: settings.host,
      PORT: String(settings.port),
      ANDON_DATA: settings.folder,
      ANDON_SWEEP_SECONDS: String(settings.sweepSeconds),
      LOG_LEVEL: settings.logLevel,
    }).toEqual({
      HOST: told.HOST,
      PORT: told.PORT,
      ANDON_DATA: told.ANDON_DATA,
      ANDON_SWEEP_SECONDS: told.ANDON_SWEEP_SECONDS,
      LOG_LEVEL: told.LOG_LEVEL,
    })
    expect(settings.webhookSecrets).toEqual([env.WEBHOOK_SECRET])
    expect(
      readSettings({ ...env, WEBHOOK_SECRET_PREVIOUS: 'the-secret-before-0123456789' }).webhookSecrets,
    ).toHaveLength(2)
    for (const variable of ['APP_ID', 'WEBHOOK_SECRET']) {
      expect(told[variable]).toBe('required')
      expect(() => readSettings({ ...env, [variable]: undefined })).toThrow(variable)
    }
  })
})

describe('the table of metrics', () => {
  it('names each metric with its kind, and whose it is', async () => {
    const clock = () => new Date('2026-11-23T18:00:00Z')
    const ledger = await openLedger({ folder: ':memory:', clock })
    const { text } = await visiting(ledger)('/metrics')
    await ledger.close()
    const { help } = readMetrics(text)
    const kinds = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => [match[1], match[2]]))
    const told = table('Metrics').map(([metric, kind, of]) => [name(metric), kind, of])
    const real = [...help].map(([metric, words]) => [
      metric,
      kinds.get(metric),
      words.endsWith('Of this process.') ? 'process' : 'store',
    ])
    expect(told.sort()).toEqual(real.sort())
  })

  it('is all that the alerts use', () => {
    const known = new Set(table('Metrics').map(([metric]) => name(metric)))
    const alerts = page.split('### What to alert on')[1]?.split('\n## ')[0] ?? ''
    const used = [...alerts.matchAll(/andon_[a-z_]+/g)].map(([metric]) => metric)
    expect(used.length).toBeGreaterThan(5)
    expect(used.filter((metric) => !known.has(metric))).toEqual([])
  })
})

describe('the lines of the log', () => {
  it('are all in the code', () => {
    const sources = globSync(['src/flow/*.ts', 'src/*.ts'], { cwd: root }).map(read).join('\n')
    const lines = table('The log').map(([line]) => name(line))
    expect(lines.length).toBeGreaterThan(8)
    expect(lines.filter((line) => !sources.includes(`'${line}'`))).toEqual([])
  })

  it('that ask for somebody are all on the page', () => {
    const sources = globSync(['src/flow/*.ts', 'src/*.ts'], { cwd: root }).map(read).join('\n')
    const errors = [...sources.matchAll(/log\.error\(\s*\{[^}]*\},\s*'([^']+)'/g)].map((match) => match[1] ?? '')
    expect(errors.length).toBeGreaterThan(2)
    expect(errors.filter((line) => !page.includes(`\`${line}\``))).toEqual([])
  })
})
