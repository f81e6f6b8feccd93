// GitHub's answers to the card's query, composed by its documented shapes. Each test changes only what it is about.

export const SHA = 'a'.repeat(40)
export const DEFAULT_SHA = 'd'.repeat(40)

export const ada = { __typename: 'User', login: 'ada', databaseId: 11 }
export const bo = { __typename: 'User', login: 'bo', databaseId: 12 }
export const mallory = { __typename: 'User', login: 'mallory', databaseId: 13 }
/** GraphQL spells a bot's login without its `[bot]`. */
export const andon = { __typename: 'Bot', login: 'andon-acme', databaseId: 99 }

const POLICY_TEXT = 'version: 1\nboard: { project: 12 }\n'

export function blob(text: string | null, more: object = {}) {
  return { oid: 'b'.repeat(40), text, isTruncated: false, byteSize: text?.length ?? 1, ...more }
}

export function pull(more: object = {}) {
  return {
    id: 'PR_9',
    number: 9,
    url: 'https://github.example.com/acme/bot/pull/9',
    body: '',
    createdAt: '2026-11-01T00:00:00Z',
    lastEditedAt: null as string | null,
    isCrossRepository: false,
    authorAssociation: 'MEMBER',
    closed: false,
    merged: false,
    headRefOid: SHA,
    author: bo,
    repository: { id: 'R_1', nameWithOwner: 'acme/bot' },
    commits: {
      pageInfo: { hasPreviousPage: false, startCursor: 'c1' },
      nodes: [{ commit: { authors: { nodes: [{ user: bo }] }, committer: { user: bo } } }],
    },
    head: { nodes: [{ commit: { oid: SHA, file: null } }] },
    comments: { nodes: [] as object[] },
    reviews: {
      pageInfo: { hasPreviousPage: false, startCursor: 'r1' },
      nodes: [
        {
          id: 'PRR_1',
          state: 'APPROVED',
          submittedAt: '2026-11-02T00:00:00Z',
          url: 'https://github.example.com/r/1',
          commit: { oid: SHA },
          author: ada,
        },
      ],
    },
    ...more,
  }
}

export function issue(more: object = {}) {
  return {
    __typename: 'Issue',
    id: 'I_7',
    number: 7,
    title: 'Support bot 42',
    body: '```andon\nkind: model-version\n```',
    url: 'https://github.example.com/acme/bot/issues/7',
    closed: false,
    createdAt: '2026-10-31T00:00:00Z',
    lastEditedAt: null as string | null,
    author: ada,
    labels: { nodes: [{ id: 'LA_1', name: 'change: model' }] },
    assignees: { nodes: [{ login: 'ada' }] },
    repository: {
      id: 'R_1',
      nameWithOwner: 'acme/bot',
      dotGithub: blob(POLICY_TEXT),
      atRoot: null,
      manifest: null,
      defaultBranchRef: { name: 'main', target: { oid: DEFAULT_SHA } },
    },
    comments: { nodes: [] as object[] },
    timelineItems: { nodes: [] as object[] },
    labelled: { nodes: [] as object[] },
    linked: { nodes: [pull()] as object[] },
    ...more,
  }
}

export function item(more: object = {}) {
  return {
    id: 'PVTI_1',
    type: 'ISSUE',
    isArchived: false,
    fieldValues: { nodes: [{}, value('Status', 'PVTSSF_1', 'o2', 'Staging')] },
    project: {
      id: 'PVT_1',
      number: 12,
      owner: { login: 'acme' },
      fields: {
        nodes: [
          {},
          {
            id: 'PVTSSF_1',
            name: 'Status',
            options: [
              { id: 'o1', name: 'Backlog' },
              { id: 'o2', name: 'Staging' },
            ],
          },
          { id: 'PVTSSF_2', name: 'Stage', options: [{ id: 's1', name: 'Alpha' }] },
        ],
      },
    },
    content: issue() as object | null,
    ...more,
  }
}

export function value(field: string, fieldId: string, optionId: string, name: string) {
  return { optionId, name, updatedAt: '2026-11-03T00:00:00Z', field: { id: fieldId, name: field } }
}

/** The whole answer's `data`. */
export function answer(node: object | null = item(), more: object = {}) {
  return {
    viewer: { login: 'andon-acme[bot]', databaseId: 99 },
    node,
    organization: { repository: null },
    ...more,
  }
}
