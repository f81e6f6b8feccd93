// The demo's command: the story plays to its end and says so, the board stays open until it is told to stop.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setStage } from '../../src/cli/demo/stage.ts'
import { addLabel } from '../../src/sandbox/world/labels.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'andon-demo-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Ran = { code: number | null; out: string; err: string }

/** `stopAt`: sends Ctrl-C as soon as that is printed. Temporary folders are made in `folder`. */
function run(args: string[], more: { env?: Record<string, string>; stopAt?: string } = {}): Promise<Ran> {
  const { DATABASE_URL: _, ANDON_DATA: __, ...environment } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...environment, TMPDIR: folder, ...more.env } })
  const ran = { out: '', err: '' }
  child.stdout.on('data', (part) => {
    ran.out += part
    // Twice, as npm and the terminal do together.
    if (more.stopAt && ran.out.includes(more.stopAt))
      for (const signal of ['SIGINT', 'SIGINT'] as const) child.kill(signal)
  })
  child.stderr.on('data', (part) => {
    ran.err += part
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...ran })))
}

describe('andon demo --story', () => {
  it('plays each scene as told, keeps the record where it is wanted, and leaves nothing else behind', async () => {
    const data = join(folder, 'kept')
    const { code, out, err } = await run(['demo', '--story', '--json'], { env: { ANDON_DATA: data } })
    expect(err).toBe('')
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const scenes = lines.slice(0, -1)
    expect(scenes.map(({ problem }) => problem)).toEqual(scenes.map(() => null))
    const told = scenes.map(
      ({ said, told: { column, headline } }) => `${said.slice(0, 22)} … ${column}: ${headline.split(':')[0]}`,
    )
    expect(told).toEqual([
      'ada moves #1 “Send onl … Ready for Evaluation: ⛔ Refused',
      'ada moves #2 “Take a q … Ready for Evaluation: ✅ Granted',
      'ada moves #2 “Take a q … Staging: ✅ Granted',
      'ada moves #2 “Take a q … Production: ⏳ Waiting to enter Production',
      'bo, who wrote #2 “Take … Production: ⏳ Waiting to enter Production',
      'cy of the team ai-safe … Production: ✅ Granted',
      'ada moves #3 “Ask for  … Staging: ✅ Granted',
      'ada moves #4 “Be slowe … Staging: ✅ Granted',
      'bo moves #5 “Let a sma … Staging: ✅ Granted',
      'ada moves #6 “Hear com … Ready for Evaluation: ⛔ Refused',
    ])
    expect(scenes[0].told.gates[0].found[0]).toContain('0.7333 (n 60')
    expect(lines.at(-1)).toMatchObject({
      good: true,
      closing: { intact: true, refusals: [{}, {}].map(() => expect.any(String)) },
    })
    expect(code).toBe(0)
    const proof = await run(['verify', '--json'], { env: { ANDON_DATA: data } })
    expect(JSON.parse(proof.out)).toMatchObject({ ok: true, entries: lines.at(-1).closing.entries })
    expect(readdirSync(folder)).toEqual(['kept'])
  })

  it('is told in plain lines where there is no screen, and stops when it is told to', async () => {
    const { code, out } = await run(['demo', '--story'], { stopAt: ' 1. ' })
    expect(out).toContain('offline-eval')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the very thing that must not be there
    expect(out).not.toMatch(/\u001b/)
    expect(out).not.toContain('10. ')
    expect(code).toBe(2)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('andon demo', () => {
  it('opens the board and the record, and cleans up at Ctrl-C', async () => {
    const { code, out, err } = await run(['demo'], { stopAt: 'Ctrl-C ends' })
    expect(err).toBe('')
    expect(out).toMatch(
      /board {3}http:\/\/127\.0\.0\.1:\d+\/orgs\/acme\/projects\/1\n {2}record {2}http:\/\/127\.0\.0\.1:\d+\/\n/,
    )
    expect(code).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  it('explains itself, and says what it does not understand', async () => {
    expect(await run(['demo', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--story') })
    expect(await run(['demo', '--json'])).toMatchObject({
      code: 2,
      out: expect.stringContaining('--json belongs to --story'),
    })
    expect(await run(['demo', '--nonsense'])).toMatchObject({ code: 2, err: expect.stringContaining('--nonsense') })
  })

  it('says why it cannot start, and leaves no server behind', async () => {
    const { code, err } = await run(['demo'], { env: { ANDON_DATA: '/dev/null/nowhere' } })
    expect(code).toBe(2)
    expect(err).toMatch(/^andon demo: .+\n$/)
    expect(existsSync('/dev/null/nowhere')).toBe(false)
  })
})

describe('the stage', () => {
  it('hears of a card that stood there before Andon came, though it has not moved since', async () => {
    const stage = await setStage({ folder: join(folder, 'kept'), complain: (message) => expect.fail(message) })
    await stage.settle()
    const pull = stage.example.cards['2-question-mark']?.content as Pull
    addLabel(stage.sandbox.world, pull.author, pull, 'promote: staging')
    await stage.settle()
    const said = pull.comments.map(({ body }) => body)
    await stage.stop()
    expect(said).toEqual([expect.stringContaining('one column at a time')])
  })
})
