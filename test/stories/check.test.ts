// A policy is held against the live board that it governs, and nothing is touched.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { createRepository } from '../../src/sandbox/world/repositories.ts'
import { beginStory, type Story } from '../support/story.ts'
import { hear } from '../support/terminal.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [look]
  - name: Production
  - name: Done
gates:
  look: { kind: approval, teams: [ai-safety] }
`

let story: Story
afterEach(() => story.end())

async function check(args: string[]) {
  const { settings, sandbox } = story.parts
  sandbox.requests.reset()
  // Whoever checks a policy need not know the webhooks' secret.
  const { WEBHOOK_SECRET: _, ...environment } = story.environment
  const said = await hear(settings.folder, (terminal) => runCheck(args, terminal, environment))
  const strange = sandbox.requests
    .list()
    .filter(({ kind, method, tokenFetch }) => kind === 'rest' && method !== 'GET' && !tokenFetch)
  expect(strange).toEqual([])
  return said
}

it('a policy that fits its board can be used', async () => {
  story = await beginStory({ policy: POLICY })
  expect(await check(['--board', 'acme/1'])).toEqual({
    code: 0,
    err: '',
    out: 'This policy can be used: board 1, 4 columns, 1 gate. Open to every card, without a gate: Backlog, Production, Done.\n',
  })
})

it('a renamed column, and a team that does not exist, are told in each policy at their place', async () => {
  story = await beginStory({ policy: POLICY, columns: ['Backlog', 'Pre-production', 'Production', 'Done'] })
  createRepository(story.world, story.parts.olga, story.parts.acme, 'other', {
    files: { 'andon.yml': POLICY.replace('ai-safety', 'nobody') },
  })
  const { code, out } = await check(['--board', 'acme/1'])
  expect(code).toBe(1)
  expect(out).toContain(`acme/bot/.github/andon.yml:5:11 error: \`Staging\` is no column of the board.
  4 |   - name: Backlog
  5 |   - name: Staging
    |           ^
  Allowed here: \`Pre-production\`.
`)
  expect(out).toContain('acme/other/andon.yml:10:35 error: The organization has no team `nobody`, or does not show it.')
})

it('a file that is not merged yet can be tried against the board', async () => {
  story = await beginStory({ policy: POLICY })
  writeFileSync(join(story.parts.settings.folder, 'next.yml'), POLICY.replace('name: Done', 'name: Don'))
  const { code, out } = await check(['next.yml', '--board', 'acme/1', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    policies: [{ files: ['next.yml'], problems: [{ line: 8, remedy: 'Did you mean `Done`?' }] }],
  })
})

it('a board that is not there, and one that no policy names', async () => {
  story = await beginStory({})
  expect(await check(['--board', 'acme/7'])).toMatchObject({
    code: 2,
    err: 'andon check: GitHub shows no board 7 of acme to this identity.\n',
  })
  expect((await check(['--board', 'acme/1'])).err).toBe(
    'andon check: No policy that GitHub shows to this identity names board 1 of acme.\n',
  )
  expect((await check(['--board', 'acme'])).err).toContain(
    '--board is the owner and the number of a board, as in acme/12.',
  )
})
