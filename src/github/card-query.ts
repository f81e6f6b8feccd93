// The GraphQL document that reads a card whole in one request.
import type { FactQuestion } from './fact-query.ts'
import { STATUS_CHANGE } from './status-change.ts'

/** Who an `Actor` is. A bot's login comes without its `[bot]` here, other than in REST and webhooks. */
export const WHO = `
fragment Who on Actor {
  __typename login
  ... on User { databaseId }
  ... on Bot { databaseId }
}`

/** A file's text, as far as GitHub gives it. */
export const TEXT = 'fragment Text on Blob { oid text isTruncated byteSize }'

/** The two places of a policy. `HEAD` is the default branch: no other branch can hold a policy. */
export const POLICY = `
fragment Policy on Repository {
  nameWithOwner
  dotGithub: object(expression: "HEAD:.github/andon.yml") { ...Text }
  atRoot: object(expression: "HEAD:andon.yml") { ...Text }
}
${TEXT}`

/** What policies may extend: the files of the organization's `.github` repository under `policies/`. */
export const BASES = `
fragment Bases on Repository {
  bases: object(expression: "HEAD:policies") { ... on Tree { entries { name object { ... on Blob { ...Text } } } } }
}`

/** A card's column: the single-select values of the item, and the fields they belong to. */
export const PLACE = `
fragment Place on ProjectV2Item {
  fieldValues(first: 50) {
    nodes {
      ... on ProjectV2ItemFieldSingleSelectValue {
        optionId name updatedAt
        field { ... on ProjectV2SingleSelectField { id name } }
      }
    }
  }
}`

export const FIELDS = `
fragment Fields on ProjectV2 {
  fields(first: 50) { nodes { ... on ProjectV2SingleSelectField { id name options { id name } } } }
}`

const ITEM = `
fragment Item on ProjectV2Item {
  id type isArchived
  ...Place
  project {
    id number
    owner { ... on Organization { login } ... on User { login } }
    ...Fields
  }
  content {
    __typename
    ... on DraftIssue { title }
    ... on Issue { ...OfIssue }
    ... on PullRequest { ...OfPull ...UnderTest }
  }
}`

const COMMENTS = 'comments(last: 100) { nodes { id url body createdAt lastEditedAt author { ...Who } } }'

// An issue and a pull request share no interface that has all of this.
const content = (type: string, name: string, more: string) => `
fragment ${name} on ${type} {
  id number title body url closed createdAt lastEditedAt
  author { ...Who }
  labels(first: 100) { nodes { id name } }
  assignees(first: 20) { nodes { login } }
  repository {
    id
    ...Policy
    defaultBranchRef { name target { oid } }
    manifest: object(expression: "HEAD:andon.change.yml") { ...Text }
  }
  ${COMMENTS}
  timelineItems(last: 30, itemTypes: [PROJECT_V2_ITEM_STATUS_CHANGED_EVENT]) {
    nodes {
      ${STATUS_CHANGE}
    }
  }
  labelled: timelineItems(last: 30, itemTypes: [LABELED_EVENT]) {
    nodes { ... on LabeledEvent { id label { id } actor { ...Who } } }
  }
  ${more}
}`

// Each linked pull request costs one point for its commits' authors, so few are read; GitHub gives only open ones.
const LINKED = `linked: closedByPullRequestsReferences(first: 4, includeClosedPrs: false) { nodes { ...UnderTest ${COMMENTS} } }`

const COMMITS = `
fragment Commits on PullRequestCommitConnection {
  pageInfo { hasPreviousPage startCursor }
  nodes { commit { authors(first: 10) { nodes { user { ...Who } } } committer { user { ...Who } } } }
}`

/** The states of a review that say yes or no: comments, of which anybody may write hundreds, push none of these out. */
export const OPINIONS = 'APPROVED, CHANGES_REQUESTED, DISMISSED'

export const REVIEWS = `
fragment Reviews on PullRequestReviewConnection {
  pageInfo { hasPreviousPage startCursor }
  nodes { id state submittedAt url commit { oid } author { ...Who } }
}`

const UNDER_TEST = `
fragment UnderTest on PullRequest {
  id number url body createdAt lastEditedAt isCrossRepository authorAssociation closed merged headRefOid
  author { ...Who }
  repository { id nameWithOwner }
  commits(last: 100) { ...Commits }
  head: commits(last: 1) { nodes { commit { oid file(path: "andon.change.yml") { object { ...Text } } } } }
  reviews(last: 100, states: [${OPINIONS}]) { ...Reviews }
}`

/** The card of an item with its policies, and the answers to whatever was wanted with it. */
export function cardDocument(wanted: FactQuestion): string {
  return `
query Card($item: ID!, $owner: String!${wanted.declarations}) {
  viewer { login databaseId }
  node(id: $item) {
    ... on ProjectV2Item { ...Item project { ${wanted.onProject} } }
  }
  organization(login: $owner) { repository(name: ".github") { ...Policy ...Bases } }
  ${wanted.onRoot}
}
${ITEM} ${PLACE} ${FIELDS} ${content('Issue', 'OfIssue', LINKED)} ${content('PullRequest', 'OfPull', '')}
${UNDER_TEST} ${COMMITS} ${REVIEWS} ${POLICY} ${BASES} ${WHO}`
}

/** Commits of a pull request before those already read. */
export const MORE_COMMITS = `
query MoreCommits($pull: ID!, $before: String) {
  node(id: $pull) { ... on PullRequest { commits(last: 100, before: $before) { ...Commits } } }
}
${COMMITS} ${WHO}`

/** Reviews of a pull request before those already read. */
export const MORE_REVIEWS = `
query MoreReviews($pull: ID!, $before: String) {
  node(id: $pull) { ... on PullRequest { reviews(last: 100, before: $before, states: [${OPINIONS}]) { ...Reviews } } }
}
${REVIEWS} ${WHO}`
