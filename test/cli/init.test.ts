// `andon init` as a person meets it, in a folder of their own.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { parsePolicy } from '../../src/core/policy/parse.ts'
import { hear } from '../support/terminal.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'andon-init-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const andon = (args: string[]) => hear(cwd, (terminal) => main(['init', ...args], terminal))
const read = (path: string) => readFileSync(join(cwd, path), 'utf8')

describe('andon init', () => {
  it('writes a policy for this board and this team, with all that belongs to it', async () => {
    const { code, out } = await andon(['--preset', 'llm-delivery', '--project', '12', '--team', 'red-team'])
    expect(code).toBe(0)
    const parsed = parsePolicy(read('.github/andon.yml'))
    expect(parsed).toMatchObject({ ok: true, value: { board: { project: 12 } } })
    const teams = Object.values(parsed.ok ? parsed.value.gates : {}).flatMap(
      ({ settings }) => (settings as { teams?: string[] }).teams ?? [],
    )
    expect(new Set(teams)).toEqual(new Set(['red-team']))
    // Only these were touched: the words beside them are still there.
    expect(read('.github/andon.yml')).toContain('board: { project: 12 } # the number in the address')
    expect(existsSync(join(cwd, '.github/workflows/andon-red-team.yml'))).toBe(true)
    expect(existsSync(join(cwd, '.github/ISSUE_TEMPLATE/change.yml'))).toBe(true)
    expect(existsSync(join(cwd, 'README.md'))).toBe(false)
    expect(out).toContain("gh label create 'change: model' --color 0969da")
    expect(out).not.toContain('set board.project')
  })

  it('writes what a preset extends along with it, and leaves teams of other reviews theirs', async () => {
    const { code, out } = await andon(['--preset', 'regulated', '--project', '12', '--team', 'ml-safety'])
    expect(code).toBe(0)
    const policy = read('.github/andon.yml')
    expect(policy).toContain('extends: andon/llm-delivery@1')
    expect(policy).not.toContain('ai-safety]')
    expect(policy).toContain('waive: { teams: [ml-safety]')
    expect(policy).toContain('privacy-review: { kind: approval, teams: [privacy]')
    expect(existsSync(join(cwd, '.github/workflows/andon-promote.yml'))).toBe(true)
    expect(read('.github/ISSUE_TEMPLATE/change.yml')).toContain('retention:')
    expect(out).toContain('name teams that exist instead of security, privacy')
    const checked = await hear(cwd, (terminal) => main(['check'], terminal))
    expect(checked).toMatchObject({ code: 0, err: '' })
    expect(checked.out).toContain('This policy can be used: board 12, 6 columns')
    expect(checked.out).not.toContain('warning')
  })

  it('says what an administrator must still switch on', async () => {
    const { out } = await andon([])
    for (const step of [
      'set board.project',
      'a team that exists instead of reviewers',
      'app.yml',
      'Require the check `andon`, bound to the app',
      'turn off the workflows "Item closed"',
      '90 days at most',
    ])
      expect(out).toContain(step)
    // A preset that starts no workflow asks for none to be let in.
    expect(out).not.toContain('allow-list')
    expect((await andon(['--preset', 'llm-delivery', '--dry-run'])).out).toContain('allow-list')
  })

  it('keeps what is there, and says which', async () => {
    mkdirSync(join(cwd, '.github'))
    writeFileSync(join(cwd, '.github/andon.yml'), 'mine\n')
    const { code, out } = await andon([])
    expect(code).toBe(1)
    expect(read('.github/andon.yml')).toBe('mine\n')
    expect(out).toMatch(/\.github\/andon\.yml +kept: yours is another one/)
    expect(out).toMatch(/\.github\/labels\.yml +written/)
    expect(await andon(['--force'])).toMatchObject({ code: 0 })
    expect(parsePolicy(read('.github/andon.yml'))).toMatchObject({ ok: true })
    expect((await andon([])).out).toMatch(/\.github\/andon\.yml +there already/)
  })

  it('writes nothing on a dry run', async () => {
    const { code, out } = await andon(['--dry-run', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ preset: 'starter', dryRun: true })
    expect(readdirSync(cwd)).toEqual([])
  })

  it('follows no link out of the folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'andon-outside-'))
    symlinkSync(outside, join(cwd, '.github'))
    const { code, err } = await andon(['--force'])
    expect({ code, err }).toEqual({
      code: 2,
      err: 'andon init: .github/ISSUE_TEMPLATE/change.yml is behind a link that leads out of the folder.\n',
    })
    expect(readdirSync(outside)).toEqual([])
    rmSync(outside, { recursive: true })
  })

  it.each([
    [['--preset', 'startr'], 'There is no preset "startr". Did you mean starter?'],
    [['--project', 'twelve'], '--project is the number in the project’s address, as in 12.'],
    [['--team', '@acme/x'], '--team is the slug in the team’s address, as in ai-safety.'],
    [['nowhere'], 'There is no folder nowhere.'],
    [['one', 'two'], 'One folder at a time, please.'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const { code, out, err } = await andon(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`andon init: ${sentence}`)
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})

it('works from an installed package, where Node strips no types', () => {
  const root = resolve(import.meta.dirname, '../..')
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const home = join(cwd, 'node_modules/andon')
  mkdirSync(home, { recursive: true })
  for (const name of [...files, 'package.json']) cpSync(join(root, name), join(home, name), { recursive: true })
  for (const name of ['yaml', 'zod', 'croner'].filter((each) => existsSync(join(root, 'node_modules', each))))
    symlinkSync(join(root, 'node_modules', name), join(cwd, 'node_modules', name))
  const out = execFileSync(process.execPath, [join(home, 'bin/andon.js'), 'init', '--dry-run'], { cwd, stdio: 'pipe' })
  expect(out.toString()).toContain('.github/andon.yml')
})
