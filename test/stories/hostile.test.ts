// What people write into titles, manifests and evidence is shown as typed: no markup, no mention, no link, no secret.
import { afterEach, expect, it } from 'vitest'
import { beginStory, SECRET, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    limit: 1
    enter: [eval]
gates:
  eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
`
const EVIL =
  '<script>alert(1)</script> **@acme/everyone** #1 [x](https://evil.example) `code` | pipe\nnew line https://evil.example www.evil.example'

let story: Story
afterEach(() => story.end())

it('a title full of Markdown, HTML and mentions harms nobody’s comment', async () => {
  story = await beginStory({ policy: POLICY })
  const first = story.pull(EVIL.replace('\n', ' '))
  await story.move(await story.card(first), 'Staging')
  const second = story.pull('Innocent')
  await story.move(await story.card(second), 'Staging')
  const comment = story.comments(second)[0] ?? ''
  expect(comment).toContain('is full: its limit is 1')
  expect(comment.replace(/`[^`]*`/g, '')).not.toMatch(/<script|@acme|evil\.example|#1/)
})

it('a manifest’s hostile values reach the comment only as plain words', async () => {
  story = await beginStory({
    policy: POLICY.replace('enter: [eval]', 'enter: [ready]').replace(
      '  eval:',
      '  ready: { kind: manifest, requires: [prompts] }\n  eval:',
    ),
  })
  const pull = story.pull(
    'One',
    `\`\`\`andon\nkind: x\nprompts: [{ path: "a @acme/everyone <img src=x onerror=alert(1)> [x](https://evil.example).md" }]\n\`\`\``,
  )
  await story.move(await story.card(pull), 'Staging')
  const comment = story.comments(pull)[0] ?? ''
  expect(comment.replace(/`[^`]*`/g, '')).not.toMatch(/<img|@acme|\]\(https:\/\/evil|https:\/\/evil/)
})

it('evidence with hostile names is shown harmlessly, and nothing of it is executed', async () => {
  story = await beginStory({ policy: POLICY })
  const pull = story.pull('One')
  await story.move(await story.card(pull), 'Staging')
  await story.answer({ metrics: { accuracy: { value: 0.1, n: 60 }, '__proto__x <script> @acme': { value: 1 } } })
  expect(story.comments(pull)[0]).not.toMatch(/<script/)
})

it('no secret, token or key is in the log or the record', async () => {
  story = await beginStory({ policy: POLICY })
  const pull = story.pull('One')
  await story.move(await story.card(pull), 'Staging')
  await story.answer({ metrics: { accuracy: { value: 0.95, n: 60 } } })
  const everything = JSON.stringify(story.parts.logged) + JSON.stringify(await story.entries())
  expect(everything).not.toContain(SECRET)
  expect(everything).not.toMatch(/ghs_|PRIVATE KEY|eyJ[A-Za-z0-9_-]{20}/)
})
