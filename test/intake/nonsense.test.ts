// Nonsense with a valid signature: it is stored and answered, told to nobody with one clear line, and harms nothing.
import { afterEach, describe, expect, it } from 'vitest'
import { beginStory, SECRET, type Story } from '../support/story.ts'
import { headersFor, sign } from './door.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [notes]
gates:
  notes: { kind: files, paths: [NOTES.md] }
`

let story: Story
afterEach(() => story.end())

async function deliver(body: string, event: string): Promise<number> {
  const headers = headersFor(body, { 'x-github-event': event, 'x-hub-signature-256': sign(body, SECRET) })
  const response = await fetch(`${story.app.url}/api/github/webhooks`, { method: 'POST', headers, body })
  return response.status
}

const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

describe('a signed delivery', () => {
  it.each([
    ['that is no JSON', 'This is no JSON at all.', 'issues', 1],
    ['that is half a JSON', '{"action":', 'issues', 1],
    ['that is empty', '', 'issues', 1],
    ['that is a JSON text', '"words"', 'projects_v2_item', 0],
    ['that is null', 'null', 'projects_v2_item', 0],
    ['that is a list', '[1,2,3]', 'workflow_run', 0],
    ['of an unknown event', '{"action":"sung"}', 'song', 0],
    ['of a known event without its fields', '{"action":"edited"}', 'projects_v2_item', 0],
    [
      'whose fields are of another kind',
      '{"action":1,"projects_v2_item":{"node_id":[]},"organization":7}',
      'projects_v2_item',
      0,
    ],
    ['that is deep', deep(200_000), 'projects_v2_item', 0],
    ['with prototype keys', '{"__proto__":{"action":"edited"},"constructor":{"prototype":{}}}', 'issues', 0],
    [
      'for a card that is not there',
      '{"action":"edited","projects_v2_item":{"node_id":"PVTI_none","project_node_id":"PVT_none"},"organization":{"login":"acme"},"sender":{"login":"ada","id":7,"type":"User"}}',
      'projects_v2_item',
      0,
    ],
    [
      'for an organization that is not there',
      '{"action":"edited","projects_v2_item":{"node_id":"PVTI_none","project_node_id":"PVT_none"},"organization":{"login":"nobody-at-all"},"sender":{"login":"ada","id":7,"type":"User"}}',
      'projects_v2_item',
      0,
    ],
  ])('%s does no harm', async (_what, body, event, lines) => {
    story = await beginStory({ policy: POLICY })
    const card = await story.card(story.pull('One'))
    story.parts.logged.length = 0
    expect(await deliver(body, event)).toBe(202)
    await story.settle()
    const unread = story.parts.logged.filter(({ message }) => message === 'A delivery could not be read')
    expect(unread.length).toBeGreaterThanOrEqual(lines)
    expect(unread.length).toBeLessThanOrEqual(1)
    expect(story.parts.logged.filter(({ level }) => level === 'error')).toEqual([])
    const backlog = await story.app.ledger.backlog(story.parts.clock().toISOString())
    expect(backlog).toMatchObject({ due: 0, deliveries: 0, aside: [] })
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
  })
})
