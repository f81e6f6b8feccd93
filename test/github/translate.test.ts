// A webhook rings at most one bell, and nothing that it says is believed.
import { describe, expect, it } from 'vitest'
import { READERS, translate } from '../../src/github/translate.ts'

const SELF = { appId: 5, botId: 99 }
const ada = { login: 'ada', id: 11, type: 'User' }
const andon = { login: 'andon-acme[bot]', id: 99, type: 'Bot' }
const organization = { login: 'acme', id: 1 }
const repository = { full_name: 'acme/bot', default_branch: 'main', owner: { login: 'acme' } }
const ring = (event: string, payload: unknown) => translate(event, payload, SELF)

describe('an item of a board', () => {
  const item = { id: 1, node_id: 'PVTI_1', project_node_id: 'PVT_1', content_node_id: 'I_7', content_type: 'Issue' }
  const delivery = (action: string, more: object = {}) => ({
    action,
    projects_v2_item: item,
    organization,
    sender: ada,
    ...more,
  })
  const moved = (to: unknown, more: object = {}) =>
    delivery('edited', {
      changes: { field_value: { field_type: 'single_select', field_name: 'Status', from: null, to, ...more } },
    })
  const knock = {
    knock: 'item',
    owner: 'acme',
    project: 'PVT_1',
    item: 'PVTI_1',
    mover: ada,
    to: null,
    removed: false,
    ours: false,
  }

  it('that was moved says where to', () => {
    expect(ring('projects_v2_item', moved({ id: 'o2', name: 'Staging' }))).toEqual({ ...knock, to: 'Staging' })
  })
  it('that was dragged may say nothing at all', () => {
    const changes = { previous_projects_v2_item_node_id: { from: null, to: null } }
    expect(ring('projects_v2_item', delivery('reordered', { changes }))).toEqual(knock)
  })
  it.each(['archived', 'converted', 'created', 'restored', 'reordered', 'edited'])('rings when it is %s', (action) => {
    expect(ring('projects_v2_item', delivery(action))).toEqual(knock)
  })
  it('that was deleted is removed', () => {
    expect(ring('projects_v2_item', delivery('deleted'))).toEqual({ ...knock, removed: true })
  })
  it('that we moved ourselves is ours, by the account’s id and not by its name', () => {
    expect(ring('projects_v2_item', delivery('edited', { sender: andon }))).toMatchObject({ ours: true })
    expect(
      ring('projects_v2_item', delivery('edited', { sender: { ...ada, login: 'andon-acme[bot]' } })),
    ).toMatchObject({ ours: false })
  })
  it.each([null, 'text', 7, { id: 'x' }, { name: 7 }])('whose new value is %j went nowhere that we know', (to) => {
    expect(ring('projects_v2_item', moved(to))).toMatchObject({ to: null })
  })
  it('whose other fields or draft text were edited rings nothing', () => {
    expect(ring('projects_v2_item', moved('x', { field_type: 'text' }))).toBeNull()
    expect(ring('projects_v2_item', delivery('edited', { changes: { body: { from: 'a', to: 'b' } } }))).toBeNull()
  })
  it('moved by a deleted account was moved by a ghost', () => {
    expect(ring('projects_v2_item', delivery('edited', { sender: null }))).toMatchObject({
      mover: { login: 'ghost', id: 0 },
      ours: false,
    })
  })
  it('on a person’s own board rings nothing: there is no organization', () => {
    expect(ring('projects_v2_item', { ...delivery('edited'), organization: undefined })).toBeNull()
  })
})

describe('an issue or pull request', () => {
  const knock = { knock: 'content', owner: 'acme', content: 'I_7', label: null }
  const issue = { node_id: 'I_7' }
  const pull = { node_id: 'PR_9' }

  it('rings when it changes', () => {
    expect(ring('issues', { action: 'edited', issue, repository, sender: ada })).toEqual(knock)
    expect(ring('pull_request', { action: 'synchronize', pull_request: pull, repository, sender: ada })).toEqual({
      ...knock,
      content: 'PR_9',
    })
    expect(
      ring('pull_request_review', { action: 'submitted', review: {}, pull_request: pull, repository, sender: ada }),
    ).toEqual({ ...knock, content: 'PR_9' })
  })
  it('names the pull request where its commits may be others', () => {
    const told = (action: string) =>
      ring('pull_request', { action, pull_request: { ...pull, number: 9 }, repository, sender: ada })
    const named = { ...knock, content: 'PR_9', pull: { repository: 'acme/bot', number: 9 } }
    for (const action of ['opened', 'reopened', 'synchronize']) expect(told(action)).toEqual(named)
    expect(told('edited')).toEqual({ ...knock, content: 'PR_9' })
  })
  it('that was labeled says by whom', () => {
    const delivery = { action: 'labeled', issue, label: { name: 'promote: staging' }, repository, sender: ada }
    expect(ring('issues', delivery)).toEqual({ ...knock, label: { name: 'promote: staging', by: ada } })
    expect(ring('issues', { ...delivery, action: 'unlabeled' })).toEqual(knock)
  })
  it('that we changed ourselves rings nothing', () => {
    expect(ring('issues', { action: 'unlabeled', issue, label: { name: 'x' }, repository, sender: andon })).toBeNull()
  })
})

describe('a comment', () => {
  const comment = (body: string, action = 'created', sender: object = ada, user: object = sender) =>
    ring('issue_comment', { action, issue: { node_id: 'I_7' }, comment: { body, user }, repository, sender })

  it('rings with a command, also in a later line', () => {
    expect(comment('Looks good\r\n/andon approve')).toMatchObject({ knock: 'content', content: 'I_7' })
    expect(comment('/andon retry', 'edited')).not.toBeNull()
  })
  it.each(['Nice!', 'try /andon approve', '/andonx', '> /andon approve', ''])(
    'without one rings nothing: %j',
    (body) => {
      expect(comment(body)).toBeNull()
    },
  )
  it('of a bot rings nothing', () => {
    expect(comment('/andon approve', 'created', { login: 'x[bot]', id: 3, type: 'Bot' })).toBeNull()
  })
  it('of ours that somebody deleted rings, so that it comes back', () => {
    expect(comment('<!-- andon:card -->', 'deleted', ada, andon)).not.toBeNull()
    expect(comment('/andon approve', 'deleted')).toBeNull()
  })
})

describe('a check', () => {
  const run = (action: string, app: number) =>
    ring('check_run', {
      action,
      check_run: { head_sha: 'a1', external_id: '01J', app: { id: app } },
      repository,
      sender: ada,
    })
  const suite = (action: string, app: number | null) =>
    ring('check_suite', { action, check_suite: { head_sha: 'a1', app: app && { id: app } }, repository, sender: ada })
  const knock = { knock: 'check', owner: 'acme', repository: 'acme/bot', sha: 'a1', by: ada }

  it('of ours rings when a person asks for it again', () => {
    expect(run('rerequested', 5)).toEqual({ ...knock, rerequested: true, externalId: '01J' })
    expect(suite('rerequested', 5)).toEqual({ ...knock, rerequested: true, externalId: null })
    expect(run('completed', 5)).toBeNull()
    expect(run('created', 5)).toBeNull()
  })
  it('of another app rings when it ends, and its external id is not taken for ours', () => {
    expect(run('completed', 6)).toEqual({ ...knock, rerequested: false, externalId: null })
    expect(suite('completed', null)).toEqual({ ...knock, rerequested: false, externalId: null })
    expect(run('rerequested', 6)).toBeNull()
    expect(suite('requested', 6)).toBeNull()
  })
})

describe('a run', () => {
  it('is told as it stands', () => {
    const workflow_run = {
      id: 77,
      run_attempt: 2,
      display_title: 'andon 01J',
      name: 'Evaluate',
      path: '.github/workflows/e.yml@main',
      head_branch: 'main',
      head_sha: 'd1',
      event: 'workflow_dispatch',
      status: 'completed',
      conclusion: 'success',
      html_url: 'u',
      updated_at: '2026-11-22T10:00:00Z',
    }
    expect(ring('workflow_run', { action: 'completed', workflow_run, repository, sender: ada })).toEqual({
      knock: 'run',
      owner: 'acme',
      repository: 'acme/bot',
      run: 77,
      attempt: 2,
      name: 'andon 01J',
      path: '.github/workflows/e.yml',
      branch: 'main',
      sha: 'd1',
      event: 'workflow_dispatch',
      status: 'completed',
      conclusion: 'success',
      url: 'u',
      updatedAt: '2026-11-22T10:00:00Z',
    })
  })
})

describe('a push', () => {
  const push = (more: object) =>
    ring('push', { ref: 'refs/heads/main', forced: false, commits: [], repository, sender: ada, ...more })
  const knock = { knock: 'policy', owner: 'acme', repository: 'acme/bot' }

  it.each([{ added: ['andon.yml'] }, { modified: ['x', '.github/andon.yml'] }, { removed: ['.github/andon.yml'] }])(
    'that touches the policy rings: %j',
    (commit) => {
      expect(push({ commits: [{ added: ['a'] }, commit] })).toEqual(knock)
    },
  )
  it('elsewhere or of other files rings nothing', () => {
    expect(push({ ref: 'refs/heads/topic', commits: [{ added: ['andon.yml'] }] })).toBeNull()
    expect(push({ ref: 'refs/tags/main', commits: [{ added: ['andon.yml'] }] })).toBeNull()
    expect(push({ commits: [{ added: ['docs/andon.yml'] }] })).toBeNull()
  })
  it('that does not tell all of its files rings', () => {
    expect(push({ forced: true })).toEqual(knock)
    expect(push({ commits: Array.from({ length: 2048 }, () => ({})) })).toEqual(knock)
  })
})

describe('an installation', () => {
  const installation = { id: 1, account: { login: 'acme' } }
  it.each([
    ['created', false],
    ['deleted', true],
    ['suspend', true],
    ['unsuspend', false],
    ['new_permissions_accepted', false],
  ])('that is %s: removed is %s', (action, removed) => {
    expect(ring('installation', { action, installation, sender: ada })).toEqual({
      knock: 'installation',
      owner: 'acme',
      removed,
    })
  })
  it('of more or fewer repositories rings', () => {
    expect(ring('installation_repositories', { action: 'removed', installation })).toMatchObject({
      knock: 'installation',
      removed: false,
    })
  })
})

describe('nonsense with a valid signature', () => {
  const nonsense = [
    null,
    undefined,
    7,
    'x',
    [],
    {},
    { action: {} },
    { organization: null, projects_v2_item: { node_id: 7 } },
    JSON.parse('{"__proto__":{"action":"x"}}'),
  ]
  it('rings nothing', () => {
    for (const event of Object.keys(READERS)) for (const payload of nonsense) expect(ring(event, payload)).toBeNull()
  })
  it.each(['member', 'team', 'membership', 'ping', 'constructor', '__proto__', 'toString', ''])(
    'of the event %j rings nothing',
    (event) => {
      expect(ring(event, { action: 'x', repository, organization, sender: ada })).toBeNull()
    },
  )
})
