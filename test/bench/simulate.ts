// What `andon simulate` costs on a live board of a thousand cards: requests, points and time, on the sandbox with GitHub's limits.

import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../src/sandbox/world/cards.ts'
import { openPull } from '../../src/sandbox/world/pulls.ts'
import { createRepository, pushCommit } from '../../src/sandbox/world/repositories.ts'
import { simulate } from '../support/simulate.ts'
import { beginStory } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [ready, ci, no-incident, release-approval]
gates:
  ready: { kind: manifest, requires: [prompts, datasets] }
  ci: { kind: checks, names: [unit] }
  no-incident: { kind: issues, query: "label:incident" }
  release-approval: { kind: approval, teams: [ai-safety], independent: true }
`
const MANIFEST =
  '```andon\nkind: prompt-template\nprompts: [{ path: prompts/answer.md }]\ndatasets: [{ path: evals/golden.jsonl }]\n```\n'

/** Every card has a pull request of its own, and each gate has something to ask of GitHub: the dearest board there is. */
async function costOfSimulation(cards: number, repositories: number) {
  const story = await beginStory({ policy: POLICY, sandbox: { limits: {} } })
  const { sandbox, bo, ada, project, olga, acme } = story.parts
  const hook = sandbox.apps[0]?.app.webhook
  if (hook) hook.active = false
  const files = { 'prompts/answer.md': 'Be kind.', 'evals/golden.jsonl': '{}', '.github/andon.yml': POLICY }
  const homes = Array.from({ length: repositories }, (_, n) =>
    createRepository(story.world, olga, acme, `bot-${n}`, { files }),
  )
  for (let count = 0; count < cards; count++) {
    const repository = homes[count % repositories]
    if (!repository) throw new Error('A card needs a repository.')
    const head = `change-${count}`
    pushCommit(story.world, bo, repository, head, { files: { 'prompts/answer.md': `Be kind, ${count}.` } })
    const pull = openPull(story.world, bo, repository, { title: `Change ${count}`, body: MANIFEST, head })
    moveCard(story.world, ada, addCard(story.world, ada, project, pull), 'Backlog')
  }
  const began = performance.now()
  const { code, out, requests } = await simulate(story, ['--board', 'acme/1'])
  const seconds = (performance.now() - began) / 1000
  await story.end()
  if (!out.includes(`${cards.toLocaleString('en')} cards: ${cards.toLocaleString('en')} would wait`))
    throw new Error(`Not every card was rehearsed (${code}): ${out.slice(-300)}`)
  return { requests: requests.filter(({ kind }) => kind === 'graphql').length, seconds }
}

export async function benchSimulate(print: (line: string) => void): Promise<void> {
  for (const [cards, repositories] of [
    [1_000, 1],
    [1_000, 30],
  ] as const) {
    const { requests, seconds } = await costOfSimulation(cards, repositories)
    const board = `${cards.toLocaleString('en')} cards, ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`
    print(`GraphQL requests, simulating ${board.padEnd(29)} ${requests} (at most 15), in ${seconds.toFixed(1)} s`)
  }
}
