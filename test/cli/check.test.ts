// The command line as a person or a script meets it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { hear } from '../support/terminal.ts'

const GOOD =
  'version: 1\nboard: { project: 12 }\ncolumns:\n  - name: Todo\n  - name: Done\n    enter: [ci]\ngates:\n  ci: { kind: checks }\n'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'andon-check-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const write = (path: string, text: string) => {
  mkdirSync(join(cwd, path, '..'), { recursive: true })
  writeFileSync(join(cwd, path), text)
}
const andon = (args: string[], color = false) => hear(cwd, (terminal) => main(args, terminal), color)

describe('andon check', () => {
  it('says what a good policy governs', async () => {
    write('.github/andon.yml', GOOD)
    expect(await andon(['check'])).toEqual({
      code: 0,
      err: '',
      out: 'This policy can be used: board 12, 2 columns, 1 gate. Open to every card, without a gate: Todo.\n',
    })
  })

  it('shows each problem where it stands', async () => {
    write('andon.yml', GOOD.replace('enter: [ci]', 'entr: [ci]').replace('kind: checks', 'kind: chekcs'))
    expect(await andon(['check'])).toEqual({
      code: 1,
      err: '',
      out: `andon.yml:6:5 error: \`entr\` is not known here.
  5 |   - name: Done
  6 |     entr: [ci]
    |     ^
  Did you mean \`enter\`?

andon.yml:8:15 error: \`chekcs\` is no kind of gate. Did you mean \`checks\`?
  7 | gates:
  8 |   ci: { kind: chekcs }
    |               ^

2 problems.
`,
    })
  })

  it('prints warnings, and calls the policy usable', async () => {
    write('andon.yml', GOOD.replace('kind: checks', 'kind: checks, enforce: false'))
    const { code, out } = await andon(['check', 'andon.yml'])
    expect(code).toBe(0)
    expect(out).toContain(
      'andon.yml:6:5 warning: A card could enter `Done` with no gate that decides: none of its gates is enforced.',
    )
    expect(out).toContain('1 warning.')
  })

  it('reads a repository’s file on top of the organization’s', async () => {
    write('org.yml', GOOD)
    write('andon.yml', 'version: 1\ngates: { ci: { kind: checks, names: [build] } }\n')
    expect((await andon(['check'])).code).toBe(1)
    expect((await andon(['check', '--organization', 'org.yml'])).code).toBe(0)
  })

  it('speaks JSON to scripts', async () => {
    write('andon.yml', 'version: 1\nboard: { project: 12 }\n')
    const { code, out } = await andon(['check', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      ok: false,
      problems: [
        {
          message: '`columns` is missing.',
          remedy: 'List the board’s columns in the order of the pipeline.',
          path: 'columns',
          file: 'andon.yml',
          line: 1,
          column: 1,
        },
      ],
      warnings: [],
      openColumns: [],
    })
  })

  it('finds the policy of a checkout, on top of the organization’s', async () => {
    write('central/.github/andon.yml', GOOD)
    write('bot/andon.yml', 'version: 1\ngates: { ci: { kind: cheks } }\n')
    const { code, out } = await andon(['check', 'bot', '--organization', 'central/.github/andon.yml'])
    expect(code).toBe(1)
    expect(out).toContain('bot/andon.yml:2:22 error: `cheks` is no kind of gate. Did you mean `checks`?')
  })

  it('says in one line that a file of 10 MB is none', async () => {
    write('andon.yml', 'x'.repeat(10 * 1024 * 1024))
    const { code, out } = await andon(['check'])
    expect(code).toBe(1)
    expect(out).toMatch(
      /^andon\.yml:1:1 error: This is longer than 1024 kB\.\n {2}1 \| x{100}\n {4}\| \^\n {2}Make it shorter\.\n/,
    )
  })

  it('could not: no file, a folder, arguments that nobody knows', async () => {
    expect(await andon(['check'])).toEqual({
      code: 2,
      out: '',
      err: 'andon check: There is no .github/andon.yml and no andon.yml here.\n',
    })
    mkdirSync(join(cwd, 'elsewhere'))
    expect((await andon(['check', 'elsewhere'])).err).toBe(
      'andon check: There is no elsewhere/.github/andon.yml and no elsewhere/andon.yml here.\n',
    )
    expect((await andon(['check', '--frobnicate'])).code).toBe(2)
    expect((await andon(['check', 'a', 'b'])).err).toContain('One file at a time')
  })

  it('colours only where it is asked to', async () => {
    write('andon.yml', 'version: 2\n')
    expect((await andon(['check'], true)).out).toContain('\u001b[31merror\u001b[0m')
    expect((await andon(['check'])).out).not.toContain('\u001b')
  })

  it('lets no policy steer the terminal', async () => {
    write('andon.yml', 'version: 1\n"\\e[2J\\u202e": 1\nx\u001b[31m: 1\n')
    const { out } = await andon(['check'])
    expect(out).toContain('is not known here')
    for (const control of ['\u001b', '\u202e']) expect(out).not.toContain(control)
  })

  it('teaches', async () => {
    const { code, out } = await andon(['check', '--help'])
    expect(code).toBe(0)
    expect(out).toContain('Exit codes: 0 the policy can be used')
    expect(out).toContain('--organization')
  })
})

describe('andon', () => {
  it('lists its commands', async () =>
    expect(await andon(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('andon check') }))
  it('tells its version', async () => expect((await andon(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/))
  it('guesses what was meant', async () =>
    expect(await andon(['chekc'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean andon check?'),
    }))
  it('knows no command of an object’s', async () => expect((await andon(['constructor'])).code).toBe(2))
  it('asks for a command', async () => expect(await andon([])).toMatchObject({ code: 2, out: '' }))
})
