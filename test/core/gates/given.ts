// A card with a pull request whose change is resolved, as the gates see it; a test says only what is different.
import type { Actor } from '../../../src/core/facts/actor.ts'
import type { Card, Pull, Review } from '../../../src/core/facts/card.ts'
import type { Change } from '../../../src/core/facts/change.ts'
import { NO_FACTS } from '../../../src/core/facts/query.ts'
import type { Context } from '../../../src/core/gates/gate.ts'

export const SHA = 'a'.repeat(40)
export const OLD_SHA = 'b'.repeat(40)
export const REPOSITORY = 'acme/bot'
const LOGINS = ['ada', 'bo', 'cy', 'dot', 'eve', 'mallory']

/** The same login is always the same account. */
export function person(login: string): Actor {
  return { login, id: 100 + LOGINS.indexOf(login), type: 'User' }
}

export function review(by: Actor | string, state: Review['state'] = 'APPROVED', more: Partial<Review> = {}): Review {
  const actor = typeof by === 'string' ? person(by) : by
  return {
    id: `R_${actor.login}`,
    by: actor,
    state,
    sha: SHA,
    at: '2026-11-22T10:00:00Z',
    url: `https://github.example/r/${actor.login}`,
    ...more,
  }
}

export const CHANGE: Change = {
  digest: 'sha256:change',
  repository: REPOSITORY,
  sha: SHA,
  kind: 'model-version',
  manifest: {},
  parts: [{ key: 'model', section: 'model', name: 'support-bot', path: null, digest: `sha256:${'1'.repeat(64)}` }],
}

function pull(more: Partial<Pull> = {}): Pull {
  return {
    id: 'PR_1',
    repository: REPOSITORY,
    repositoryId: 'REPO_1',
    number: 7,
    url: 'https://github.example/acme/bot/pull/7',
    open: true,
    merged: false,
    sha: SHA,
    author: person('bo'),
    committers: [person('cy')],
    reviews: [],
    ...more,
  }
}

export function context(
  more: Omit<Partial<Context>, 'card'> & { reviews?: Review[]; card?: Partial<Card> } = {},
): Context {
  const { reviews = [], card, ...rest } = more
  return {
    at: '2026-11-22T12:00:00Z',
    card: {
      address: { owner: 'acme', project: 'PVT_1', number: 12, item: 'PVTI_1' },
      type: 'PullRequest',
      title: 'A better prompt',
      archived: false,
      field: null,
      place: { column: { id: '1', name: 'Staging' }, since: null },
      timeline: [],
      content: null,
      pull: pull({ reviews }),
      manifest: { source: 'pull-request', text: 'kind: model-version', line: 1 },
      comment: null,
      ...card,
    },
    commit: { repository: REPOSITORY, sha: SHA, floating: false },
    change: CHANGE,
    manifestProblems: [],
    changeKind: 'model-version',
    risk: 'default',
    requires: [],
    facts: { ...NO_FACTS, teams: { 'ai-safety': ['ada', 'Bo', 'cy', 'dot'] } },
    move: { from: 'In Evaluation', to: 'Staging', by: person('dot') },
    enteredAt: null,
    approvals: [],
    reviewed: Object.fromEntries(reviews.map(({ id }) => [id, CHANGE.digest])),
    ...rest,
  }
}
