// Requests and round trips that one move costs, counted on the sandbox; and decisions replayed a second on one core.
import { replay } from '../../src/core/decision/replay.ts'
import type { Policy } from '../../src/core/policy/policy.ts'
import { beginStory, MANIFEST, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [ready]
  - name: Production
    enter: [eval]
gates:
  ready: { kind: manifest, requires: [prompts] }
  eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
`
const LATENCY = 100

/** What the requests of one move were: all but token fetches, the storage's told apart. */
async function costOf(
  story: Story,
  work: () => Promise<void>,
): Promise<{ api: number; storage: number; list: string[] }> {
  story.parts.sandbox.requests.reset()
  await work()
  const list = story.parts.sandbox.requests.list().filter((request) => !request.tokenFetch)
  const storage = list.filter((request) => request.kind === 'storage').length
  return { api: list.length - storage, storage, list: list.map((request) => `${request.method} ${request.path}`) }
}

export async function benchMoves(print: (line: string) => void): Promise<void> {
  const story = await beginStory({ policy: POLICY })
  const bad = await story.card(story.pull('Bad', 'No manifest.'))
  const refused = await costOf(story, () => story.move(bad, 'Staging'))
  print(`requests, refused without a workflow        ${refused.api}   (at most 3)`)
  const settled = await costOf(story, async () => {
    story.pass(11)
    await story.settle()
  })
  print(`requests, looking again after the return    ${settled.api}   (at most 1)`)
  const good = await story.card(story.pull('Good'))
  const granted = await costOf(story, () => story.move(good, 'Staging'))
  print(`requests, granted without a workflow        ${granted.api}   (at most 3)`)
  const evaluated = await costOf(story, async () => {
    await story.move(good, 'Production')
    await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
  })
  print(
    `requests, with one evaluation               ${evaluated.api}   (at most 7), and ${evaluated.storage} to the artifact storage`,
  )
  await story.end()
  await benchTrips(print)
  await benchReplay(print)
}

/** From the webhook's arrival to the card's return, beside the same trips made by a bare client. */
async function benchTrips(print: (line: string) => void): Promise<void> {
  const story = await beginStory({ policy: POLICY, sandbox: { latency: LATENCY } })
  const ratios: number[] = []
  for (let round = 0; round < 5; round++) {
    const pull = story.pull(
      `Bad ${round}`,
      round % 2 ? 'No manifest.' : MANIFEST.replace('prompts/answer.md', 'prompts/none.md'),
    )
    const card = await story.card(pull)
    const started = performance.now()
    const returned = new Promise<number>((resolve) => {
      const off = story.world.on('changed', () => {
        if (story.column(card) !== 'Backlog' || performance.now() - started < 1) return
        off()
        resolve(performance.now() - started)
      })
    })
    await story.move(card, 'Staging')
    ratios.push((await returned) / (await bareTrip(story)))
  }
  ratios.sort((a, b) => a - b)
  print(
    `webhook to the card's return, in round trips ${ratios[2]?.toFixed(2)}   (median of 5; at most 2 one after the other)`,
  )
  await story.end()
}

/** One request to the same GitHub, by nothing but fetch. */
async function bareTrip(story: Story): Promise<number> {
  const { sandbox } = story.parts
  const installation = sandbox.apps[0]?.installation
  if (!installation) throw new Error('The app is not installed.')
  const token = sandbox.tokens.forInstallation(installation)
  const started = performance.now()
  await fetch(sandbox.graphqlUrl, {
    method: 'POST',
    headers: {
      authorization: `bearer ${typeof token === 'string' ? token : token.token}`,
      'content-type': 'application/json',
      'user-agent': 'bare',
    },
    body: JSON.stringify({ query: '{ viewer { login } }' }),
  }).then((response) => response.text())
  return performance.now() - started
}

async function benchReplay(print: (line: string) => void): Promise<void> {
  const story = await beginStory({ policy: POLICY })
  const card = await story.card(story.pull('Good'))
  for (let round = 0; round < 10; round++) {
    await story.move(card, 'Staging')
    await story.move(card, 'Backlog')
  }
  const events = (await story.entries(card)).map((entry) => entry.event)
  const digest =
    events.flatMap((event) => (event.kind === 'card-seen' && event.policy ? [event.policy.digest] : []))[0] ?? ''
  const policy = JSON.parse((await story.app.ledger.document(digest)) ?? 'null') as Policy
  await story.end()
  let decisions = 0
  const started = performance.now()
  while (performance.now() - started < 2000) decisions += replay(events, () => policy).decisions
  print(
    `decisions replayed a second on one core      ${Math.round(decisions / ((performance.now() - started) / 1000))}`,
  )
}
